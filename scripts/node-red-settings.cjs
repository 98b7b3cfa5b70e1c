// Node-RED on this machine only, with nothing in the way: no tour, no consent dialog, no update check.
module.exports = {
	uiHost: '127.0.0.1',
	credentialSecret: 'nothing to guard',
	telemetry: {enabled: false, updateNotification: false},
	editorTheme: {tours: false, projects: {enabled: false}},
	externalModules: {autoInstall: false, palette: {allowInstall: false, allowUpload: false}},
	logging: {console: {level: 'info', metrics: false, audit: false}},
};

// However its parent process ends, Node-RED ends with it.
process.once('disconnect', () => {
	process.kill(process.pid, 'SIGTERM');
});
