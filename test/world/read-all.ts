import type {TransportResponse} from '../../lib/retarus/http';

export const readAll = async (response: Pick<TransportResponse, 'read'>): Promise<Buffer> => {
	const chunks: Uint8Array[] = [];
	await response.read((chunk) => {
		chunks.push(chunk);
	});
	return Buffer.concat(chunks);
};
