/**
 * Measures the simulator's capacity, to show that it does not limit a benchmark:
 * `npm run build && node -r tsx/cjs test/simulator/headroom.ts`.
 * Simulator and client run in separate processes. On a busy machine only the second figure is meaningful.
 */
import {Agent, request} from 'node:http';
import {Desk} from '../node-red/desk';

const secondsEach = 5;
const connections = 16;
const agent = new Agent({keepAlive: true, maxSockets: connections});
const authorization = `Basic ${Buffer.from('99999:secret').toString('base64')}`;

/** @returns the length of the answer, which is discarded */
const ask = (address: string, method: string, body?: Buffer): Promise<number> =>
	new Promise((resolve, reject) => {
		const sent = request(
			address,
			{agent, method, headers: {authorization, 'Content-Type': 'application/pdf'}},
			(response) => {
				let bytes = 0;
				response.on('data', (chunk: Buffer) => {
					bytes += chunk.length;
				});
				response.on('end', () => {
					resolve(bytes);
				});
			},
		);
		sent.on('error', reject);
		sent.end(body);
	});

const measure = async (desk: Desk, what: string, address: () => string, method: 'GET' | 'POST'): Promise<void> => {
	const busyBefore = desk.processorSeconds;
	const begin = performance.now();
	let requests = 0;
	let bytes = 0;
	await Promise.all(
		Array.from({length: connections}, async () => {
			while (performance.now() - begin < secondsEach * 1000) {
				const received = await ask(address(), method);
				bytes += received;
				requests += 1;
			}
		}),
	);
	const seconds = (performance.now() - begin) / 1000;
	const busy = desk.processorSeconds - busyBefore;
	const rate = (time: number): string =>
		`${(requests / time).toFixed(0).padStart(7)} requests ${(bytes / time / 1e6).toFixed(0).padStart(5)} MB`;
	process.stdout.write(
		`${what.padEnd(36)} ${rate(seconds)} per second, ${rate(busy)} per second of the simulator's processor time\n`,
	);
};

const run = async (): Promise<void> => {
	const desk = await Desk.open('--faxes', '0');
	const base = `${desk.origin}/faxin/rest/v1`;
	const documents: string[] = [];
	for (const kilobytes of [50, 1000]) {
		const content = Buffer.concat([Buffer.from('%PDF-1.4\n'), Buffer.alloc(kilobytes * 1000)]);
		await ask(`${desk.origin}/simulator/faxes?csid=${kilobytes}`, 'POST', content);
	}
	const {faxes} = (await (await fetch(`${desk.origin}/simulator/faxes`)).json()) as {
		faxes: {documents: {name: string}[]}[];
	};
	documents.push(...faxes.map((fax) => fax.documents[0]?.name ?? ''));
	await measure(desk, 'empty polls', () => `${base}/topics/demo?fetch=10&timeout=3600`, 'POST');
	await fetch(`${desk.origin}/simulator/faxes`, {
		method: 'POST',
		headers: {'Content-Type': 'application/json'},
		body: JSON.stringify({sample: 'order', copies: 10_000}),
	});
	await measure(desk, 'polls for 10 of 10,000 faxes', () => `${base}/topics/demo?fetch=10&timeout=0`, 'POST');
	await measure(desk, 'acknowledgements', () => `${base}/topics/demo?fetch=0&ids=unknown`, 'POST');
	await measure(desk, 'documents of 50 kB', () => `${base}/files/${encodeURIComponent(documents[0] ?? '')}`, 'GET');
	await measure(desk, 'documents of 1 MB', () => `${base}/files/${encodeURIComponent(documents[1] ?? '')}`, 'GET');
	agent.destroy();
	await desk.close();
};

void run();
