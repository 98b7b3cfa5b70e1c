declare module '@node-red/nodes/core/network/*' {
	import type {NodeInitializer} from 'node-red';

	const initializer: NodeInitializer;
	export default initializer;
}
