/** Answers that do not come, or too slowly. */
import {answer, chunk, chunkedHead, half, head, refusal, thenSilence} from './answers';
import type {Strike} from './fault';
import {everywhere, fails, recovers, waits} from './outcomes';
import type {Row} from './fault';

const late = everywhere(waits('RETARUS_TIMEOUT'), fails('RETARUS_TIMEOUT'));

/** One byte after the other. */
const drip = (bytes: Buffer, everyMs: number, {socket, after}: Strike): void => {
	const next = (offset: number): void => {
		socket.write(bytes.subarray(offset, offset + 1));
		if (offset + 1 < bytes.length) {
			after(everyMs, () => {
				next(offset + 1);
			});
		} else {
			socket.end();
		}
	};
	next(0);
};

const whole = ({body}: Strike['reply']): Buffer =>
	Buffer.concat([Buffer.from(head(body.length, 'Connection: close\r\n')), body]);

const afterwards = (delayMs: number) =>
	answer(({response, reply, after}) => {
		after(delayMs, () => {
			response.end(reply.body);
		});
	});

export const stalls: readonly Row[] = [
	{
		kind: 'request never done',
		fault: refusal(({hold}) => {
			hold();
		}),
		outcomes: late,
	},
	{kind: 'answer never sent', fault: thenSilence(() => []), outcomes: late},
	{kind: 'stall in the headers', fault: thenSilence(() => ['HTTP/1.1 200 OK\r\nContent-Le']), outcomes: late},
	{kind: 'stall after the headers', fault: thenSilence(({body}) => [head(body.length)]), outcomes: late},
	{kind: 'stall in the body', fault: thenSilence((reply) => [head(reply.body.length), half(reply)]), outcomes: late},
	{
		kind: 'stall in a chunk',
		fault: thenSilence((reply) => [chunkedHead, chunk(reply.body).subarray(0, 9)]),
		outcomes: late,
	},
	{kind: 'stall before the last chunk', fault: thenSilence(({body}) => [chunkedHead, chunk(body)]), outcomes: late},
	{
		kind: 'headers in drops',
		fault: answer((strike) => {
			drip(whole(strike.reply), 1000, strike);
		}),
		outcomes: late,
	},
	{
		kind: 'body in drops',
		fault: answer((strike) => {
			strike.socket.write(head(strike.reply.body.length, 'Connection: close\r\n'));
			drip(strike.reply.body, 2000, strike);
		}),
		outcomes: everywhere(waits('RETARUS_TIMEOUT'), recovers),
	},
	{
		kind: 'body in drops with long silences',
		fault: answer((strike) => {
			strike.socket.write(head(strike.reply.body.length, 'Connection: close\r\n'));
			drip(strike.reply.body, 31_000, strike);
		}),
		outcomes: late,
	},
	{kind: 'answer just in time', fault: afterwards(29_000), outcomes: everywhere(recovers, recovers)},
	{kind: 'answer too late', fault: afterwards(31_000), outcomes: late},
];
