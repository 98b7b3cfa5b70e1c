import {once} from 'node:events';
import {connect} from 'node:net';
import should from 'should';
import {startSimulator} from '../../simulator';
import {seededRandom} from '../../simulator/identifiers';
import {exchange, simulate} from './harness';

describe('A simulator', () => {
	it('closes at once, even with clients connected, and frees its port', async () => {
		const simulator = await startSimulator();
		simulator.faults.add({fault: {kind: 'hang', at: 'beforeAnswer'}});
		const idle = connect(simulator.port, '127.0.0.1');
		const waiting = connect(simulator.port, '127.0.0.1');
		const arrived = simulator.requests.arrival();
		await Promise.all([once(idle, 'connect'), once(waiting, 'connect')]);
		waiting.write('POST /faxin/rest/v1/topics/demo?fetch=1 HTTP/1.1\r\nHost: x\r\n\r\n');
		await arrived;
		for (const socket of [idle, waiting]) {
			socket.on('error', () => undefined).resume();
		}
		await Promise.all([once(idle, 'close'), once(waiting, 'close'), simulator.close()]);
		const again = await startSimulator({port: simulator.port});
		again.port.should.equal(simulator.port);
		await again.close();
	});

	it('fails to start on a port in use', async () => {
		const {port} = await simulate();
		await startSimulator({port}).should.be.rejectedWith({code: 'EADDRINUSE'});
	});

	it('survives a client that hangs up during its request', async () => {
		const simulator = await simulate();
		const arrived = simulator.requests.arrival();
		const socket = connect(simulator.port, '127.0.0.1');
		socket.write(
			'POST /simulator/faxes HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{',
		);
		await arrived;
		socket.destroy();
		(await exchange(simulator, 'fetch=1')).status.should.equal(200);
	});

	it('survives garbage', async () => {
		const simulator = await simulate();
		const random = seededRandom(3);
		const noise = Buffer.from(Array.from({length: 2000}, () => Math.floor(random() * 256)));
		const json = 'Host: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length:';
		const garbage = [
			noise,
			`GET /${'x'.repeat(1_000_000)} HTTP/1.1\r\n\r\n`,
			'POST /simulator/faxes HTTP/1.1\r\nTransfer-Encoding: chunked\r\nHost: localhost\r\n' +
				'Content-Type: application/pdf\r\n\r\nzz\r\n',
			'GET /simulator/files/%E0%A4%A HTTP/1.1\r\nHost: localhost\r\n\r\n',
			'GET /simulator/page/..%2f..%2fpackage.json HTTP/1.1\r\nHost: localhost\r\n\r\n',
			`POST /simulator/faxes HTTP/1.1\r\n${json} 7\r\n\r\n[[[[[[[`,
			`POST /simulator/switches HTTP/1.1\r\n${json} 27\r\n\r\n{"__proto__":{"order":"x"}}`,
			`POST /simulator/faults HTTP/1.1\r\n${json} 4\r\n\r\nnull`,
			'PUT toString HTTP/1.1\r\nHost: localhost\r\n\r\n',
		];
		for (const bytes of garbage) {
			const socket = connect(simulator.port, '127.0.0.1');
			const chunks: Buffer[] = [];
			socket.on('data', (chunk) => chunks.push(chunk)).on('error', () => undefined);
			socket.end(bytes);
			await once(socket, 'close');
			Buffer.concat(chunks)
				.toString('latin1')
				.should.match(/^(HTTP\/1\.1 4\d\d |$)/);
		}
		(await exchange(simulator, 'fetch=1')).status.should.equal(200);
		simulator.faxes().should.be.empty();
	});

	it('runs on the system clock by default', async () => {
		const simulator = await startSimulator();
		const before = Date.now();
		const {facts} = simulator.addFax();
		should(facts.receivedAtMs).be.within(before, Date.now());
		await simulator.close();
	});
});
