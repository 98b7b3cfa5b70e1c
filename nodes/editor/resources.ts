/** The address of a script to load on demand. Node-RED serves the package's folder `resources` below the editor. */
export const resource = (name: string): string =>
	new URL(`resources/@faxbridge/node-red-retarus-fax/${name}.js`, document.baseURI).href;
