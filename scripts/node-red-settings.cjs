// Settings of a Node-RED that only this machine can reach, without tours, consent dialogs or update checks.
module.exports = {
	uiHost: '127.0.0.1',
	credentialSecret: 'nothing to guard',
	telemetry: {enabled: false, updateNotification: false},
	editorTheme: {tours: false, projects: {enabled: false}},
	externalModules: {autoInstall: false, palette: {allowInstall: false, allowUpload: false}},
	logging: {console: {level: 'info', metrics: false, audit: false}},
};

// Node-RED ends with its parent process, however that ends.
process.once('disconnect', () => {
	process.kill(process.pid, 'SIGTERM');
});
