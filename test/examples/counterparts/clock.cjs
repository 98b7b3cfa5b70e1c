/**
 * Preloaded into Node-RED (`--require`) so that a test can move the clocks and all timers of that process forward,
 * through a socket: a rest of five minutes, a night or two silent hours pass in an instant, without a change to the
 * flow.
 */
const {createServer} = require('node:net');
const {performance} = require('node:perf_hooks');
const process = require('node:process');
const timers = require('node:timers');
const {promisify} = require('node:util');
const vm = require('node:vm');

const RealDate = Date;
let aheadMs = 0;
const now = () => RealDate.now() + aheadMs;
const MovedDate = new Proxy(RealDate, {
	apply: () => new RealDate(now()).toString(),
	construct: (target, values, newTarget) =>
		Reflect.construct(target, values.length === 0 ? [now()] : values, newTarget),
	get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
});
globalThis.Date = MovedDate;

const steadyNow = performance.now.bind(performance);
performance.now = () => steadyNow() + aheadMs;

// Function nodes run in a context of their own, which has its own Date.
const {createContext} = vm;
vm.createContext = (sandbox, ...rest) => {
	const context = createContext(sandbox, ...rest);
	context.Date = MovedDate;
	return context;
};

const live = new Set();
for (const name of ['setTimeout', 'setInterval']) {
	const real = timers[name];
	const noted = (...values) => {
		const timer = real(...values);
		live.add(timer);
		return timer;
	};
	noted[promisify.custom] = real[promisify.custom];
	timers[name] = noted;
	globalThis[name] = noted;
}

/** Makes every timer end this much earlier, through the fields that Node itself reads. */
const advance = (ms) => {
	aheadMs += ms;
	const probe = timers.setTimeout(() => undefined, 1);
	const {_idleStart: loopMs} = probe;
	timers.clearTimeout(probe);
	for (const timer of live) {
		if (timer._destroyed || timer._idleTimeout < 0) {
			live.delete(timer);
		} else {
			timer._idleTimeout = Math.max(1, timer._idleStart + timer._idleTimeout - loopMs - ms);
			timer.refresh();
		}
	}
};

const server = createServer((socket) => {
	socket.on('error', () => undefined);
	socket.once('data', (data) => {
		advance(Number(data.toString()));
		socket.end('moved');
	});
});
server.listen(process.env.CLOCK_SOCKET);
server.unref();
