/** Scripts that are loaded only when they are asked for: Node-RED serves them from the package's folder `resources`, below the editor's own address. */
export const resource = (name: string): string =>
	new URL(`resources/@faxbridge/node-red-retarus-fax/${name}.js`, document.baseURI).href;
