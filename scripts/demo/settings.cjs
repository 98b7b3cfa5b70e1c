// Node-RED on this machine only, with nothing in the way: no tour, no consent dialog, no update check.
module.exports = {
	uiHost: '127.0.0.1',
	credentialSecret: 'the demo guards nothing',
	telemetry: {enabled: false, updateNotification: false},
	editorTheme: {tours: false, projects: {enabled: false}},
	externalModules: {autoInstall: false, palette: {allowInstall: false, allowUpload: false}},
	logging: {console: {level: 'info', metrics: false, audit: false}},
};
