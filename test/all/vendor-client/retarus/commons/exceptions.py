class RetarusSDKError(Exception):
    pass
