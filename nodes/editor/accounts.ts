/** The account for a new node on this tab, if there is only one to choose from. */
export const onlyAccount = (tab: string | undefined): string | undefined => {
	const accounts: string[] = [];
	RED.nodes.eachConfig(({id, type, z, d}) => {
		if (type === 'retarus-account' && d !== true && (z === undefined || z === '' || z === tab)) {
			accounts.push(id);
		}

		return true;
	});
	return accounts.length === 1 ? accounts[0] : undefined;
};
