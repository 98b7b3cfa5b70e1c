import {join} from 'node:path';
import {installed} from './installed';
import type {Runtime} from '../../scripts/node-red/node-red.mjs';

const isWindows = process.platform === 'win32';

/** Node as an npm package: Node-RED 5 wants a newer one than the package does. */
const node = `node-${isWindows ? 'win' : process.platform}-${process.arch}`;
const versions = {nodeRed: '5.0.7', node: '24.21.0'} as const;

/** Node-RED 5 on Node 24, installed once. */
export const nodeRed5 = (): Runtime => {
	const folder = `node-red-${versions.nodeRed}-node-${versions.node}`;
	const modules = installed(folder, [`node-red@${versions.nodeRed}`, `${node}@${versions.node}`], {runsScripts: false});
	return {
		node: join(modules, node, 'bin', isWindows ? 'node.exe' : 'node'),
		script: join(modules, 'node-red', 'red.js'),
	};
};
