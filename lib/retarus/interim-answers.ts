/** Answers that only announce the answer. */

/** `HTTP/1.1 100`: what tells the kind of an answer. */
const statusLength = 12;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const digitTwo = 0x32;

/**
 * Makes a `100 Continue` that nobody asked for bearable. A client has to skip it (RFC 9110, 15.2); old servers and
 * boxes on the way send it to every POST. undici skips every interim answer but this one, over which it drops the
 * connection. So its last digit is changed on the way in: undici skips a 102.
 */
export class InterimAnswers {
	#phase: 'status' | 'headers' | 'final' = 'status';
	/** Of the status line, as far as it has come. */
	#status = '';
	/** Of the line of the headers that is coming in. */
	#lineLength = 0;

	/** A request goes out: what comes next is the beginning of an answer. */
	expect(): void {
		this.#phase = 'status';
		this.#status = '';
	}

	/**
	 * Takes the bytes in the order in which they come in, however they are cut, and changes that one digit in
	 * place.
	 */
	pass(bytes: Uint8Array): void {
		for (const [index, byte] of bytes.entries()) {
			switch (this.#phase) {
				case 'status':
					this.#passStatus(bytes, index, byte);
					break;
				case 'headers':
					this.#passHeaders(byte);
					break;
				case 'final':
					return;
			}
		}
	}

	#passStatus(bytes: Uint8Array, index: number, byte: number): void {
		if (this.#status === '' && (byte === carriageReturn || byte === lineFeed)) {
			return;
		}

		this.#status += String.fromCharCode(byte);
		if (this.#status.length < statusLength) {
			return;
		}

		const [, code] = /^HTTP\/\d\.\d (1\d\d)$/.exec(this.#status) ?? [];
		if (code === '100') {
			bytes[index] = digitTwo;
		}

		this.#phase = code === undefined || code === '101' ? 'final' : 'headers';
		this.#lineLength = statusLength;
	}

	/** Headers end with an empty line. */
	#passHeaders(byte: number): void {
		if (byte === lineFeed && this.#lineLength === 0) {
			this.expect();
		} else if (byte === lineFeed) {
			this.#lineLength = 0;
		} else if (byte !== carriageReturn) {
			this.#lineLength += 1;
		}
	}
}
