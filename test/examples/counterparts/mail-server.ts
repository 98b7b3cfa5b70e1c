import type {AddressInfo} from 'node:net';
import {simpleParser, type ParsedMail} from 'mailparser';
import {SMTPServer} from 'smtp-server';

/** A real SMTP server that requires credentials, keeps all mail, and can close and reopen on the same port. */
export class MailServer {
	readonly mails: ParsedMail[] = [];
	/** How many clients have connected so far. */
	connections = 0;
	/** The error with which it refuses mail; `undefined` while it accepts mail. */
	refusal: string | undefined;
	#port = 0;
	#server: SMTPServer | undefined;

	get port(): number {
		return this.#port;
	}

	/** Resolves once it listens. */
	async open(): Promise<void> {
		const server = new SMTPServer({
			hideSTARTTLS: true,
			allowInsecureAuth: true,
			onConnect: (_session, done) => {
				this.connections += 1;
				done();
			},
			onAuth: ({username, password}, _session, done) => {
				if (username === 'fax@example.com' && password === 'open sesame') {
					done(null, {user: username});
				} else {
					done(new Error('Wrong user or password'));
				}
			},
			onData: (stream, _session, done) => {
				simpleParser(stream).then((mail) => {
					if (this.refusal === undefined) {
						this.mails.push(mail);
						done();
					} else {
						done(Object.assign(new Error(this.refusal), {responseCode: 451}));
					}
				}, done);
			},
		});
		server.on('error', () => undefined);
		this.#server = server;
		await new Promise<void>((resolve) => {
			server.listen(this.#port, '127.0.0.1', resolve);
		});
		this.#port = (server.server.address() as AddressInfo).port;
	}

	async close(): Promise<void> {
		const server = this.#server;
		this.#server = undefined;
		await new Promise<void>((resolve) => {
			if (server) {
				server.close(resolve);
			} else {
				resolve();
			}
		});
	}
}
