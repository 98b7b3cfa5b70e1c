import should from 'should';
import type {NumberProperty} from '../../lib/node-config';
import {accountDefaults, ranges} from '../../lib/node-config';
import {Editor} from './editor';
import {buildForm} from './form-script';

describe('The validators of the forms', () => {
	let account: Editor;
	let faxIn: Editor;
	let faxAck: Editor;
	before(async () => {
		account = new Editor(await buildForm('retarus-account'));
		faxIn = new Editor(await buildForm('retarus-fax-in'));
		faxAck = new Editor(await buildForm('retarus-fax-ack'));
	});

	it('accept every default except the topic, which only the user knows', () => {
		for (const editor of [account, faxIn, faxAck]) {
			for (const [property, {value}] of Object.entries(editor.definition.defaults)) {
				if (editor !== faxIn || property !== 'topic') {
					should(editor.validate(property, value)).equal(true, property);
				}
			}
		}
	});

	it('accept a variable in every property', () => {
		for (const editor of [account, faxIn, faxAck]) {
			for (const property of editor.definitions.keys()) {
				should(editor.validate(property, '${SOME_VARIABLE}')).equal(true, property);
			}
		}
	});

	for (const property of Object.keys(ranges) as NumberProperty[]) {
		const {min, max} = ranges[property];

		it(`accept ${property} from ${min} to ${max}, as number or text, and blank`, () => {
			const editor = property in accountDefaults ? account : faxIn;
			const node = editor.drop({inputs: 1});
			for (const value of [min, max, String(min), ` ${max} `, '']) {
				should(editor.validate(property, value, node)).equal(true, `${value}`);
			}
		});

		it(`refuse any other ${property}, naming the field and the range`, () => {
			const editor = property in accountDefaults ? account : faxIn;
			const label = editor.definitions.get(property)?.label ?? '';
			for (const value of [min - 1, max + 1, '1.5', 'ten', '1e3', Number.NaN, 'x${VAR}']) {
				should(editor.validate(property, value)).equal(
					`"${label}" must be a whole number from ${min} to ${max}, not "${value}".`,
				);
			}
		});
	}

	it('refuse a topic that is blank or not a valid path segment', () => {
		should(faxIn.validate('topic', 'invoices')).equal(true);
		should(faxIn.validate('topic', ' ')).startWith('No topic');
		for (const topic of ['.', '..', 'a\nb', 'x'.repeat(257)]) {
			should(faxIn.validate('topic', topic)).startWith('The topic is invalid');
		}
	});

	it('accept a blank topic in fax ack, where msg.fax decides', () => {
		should(faxAck.validate('topic', '')).equal(true);
		should(faxAck.validate('topic', '..')).startWith('The topic is invalid');
	});

	it('refuse a poll interval of 0 without an input port', () => {
		should(faxIn.validate('pollInterval', '0', faxIn.drop({inputs: 0}))).startWith('With "Ask Retarus every" set to 0');
		should(faxIn.validate('pollInterval', '0', faxIn.drop({inputs: '1'}))).equal(true);
	});

	it('read the input port from the open dialog, but only for the node being edited', () => {
		const node = faxIn.drop({inputs: 0});
		faxIn.edit(node);
		faxIn.input('retarus-fax-in-input-port').tick(true);
		should(faxIn.validate('pollInterval', '0', node)).equal(true);
		should(faxIn.validate('pollInterval', '0', {...node, id: 'another'})).startWith(
			'With "Ask Retarus every" set to 0',
		);
	});

	it('refuse an unknown region and list the known ones', () => {
		for (const region of ['de1', 'sg1', 'custom', '']) {
			should(account.validate('region', region)).equal(true);
		}

		should(account.validate('region', 'xx9')).equal(
			'The region xx9 is unknown: choose one of de1, de2, us1, us2, ch1, sg1, custom.',
		);
	});

	it('require a base URL only for a region that needs one', () => {
		const custom = account.drop({region: 'custom'});
		should(account.validate('baseUrl', 'http://127.0.0.1:8899/faxin/rest/v1', custom)).equal(true);
		for (const url of ['', 'ftp://host/', 'host/faxin', 'https://user:secret@host/', 'https://host/?x=1']) {
			should(account.validate('baseUrl', url, custom)).startWith('The base URL is invalid');
		}

		should(account.validate('baseUrl', 'ftp://host/', account.drop({region: 'de1'}))).equal(true);
		should(account.validate('baseUrl', '', account.drop({region: '${REGION}'}))).equal(true);
		should(account.validate('baseUrl', 'ftp://host/', account.drop({region: '${REGION}'}))).startWith(
			'The base URL is invalid',
		);
	});

	it('refuse an unknown choice', () => {
		should(faxIn.validate('messagePer', 'page')).equal('"One message per" must be one of fax, document, not "page".');
		should(faxAck.validate('action', 'forget')).startWith('"Action" must be one of acknowledge, giveBack, handOver');
		should(faxAck.validate('guard', 'maybe')).startWith('"Guard" must be one of true, false');
		for (const flag of [true, false, 'true', 'false']) {
			should(faxAck.validate('guard', flag)).equal(true);
			should(account.validate('trial', flag)).equal(true);
		}
	});

	it('require both credentials, and accept the placeholder of a stored password', () => {
		for (const credential of ['customerNumber', 'password']) {
			should(account.validate(credential, '')).startWith('The customer number or the password is missing');
			should(account.validate(credential, '__PWRD__')).equal(true);
			should(account.validate(credential, undefined)).equal(true);
		}
	});

	it('report missing credentials outside their dialog, as far as the editor knows them', () => {
		const verdict = (credentials?: object): unknown => account.validate('name', '', account.drop({credentials}));
		should([verdict(), verdict({customerNumber: '99999', has_password: true})]).deepEqual([true, true]);
		for (const lacking of [
			{customerNumber: '', has_password: true},
			{customerNumber: '99999', has_password: false},
		]) {
			should(verdict(lacking)).startWith('The customer number or the password is missing');
			const open = account.drop({credentials: lacking});
			account.edit(open);
			should(account.validate('name', '', open)).equal(true);
			account.definition.oneditsave?.call(open);
			should(account.validate('name', '', open)).startWith('The customer number or the password is missing');
		}
	});

	it('require an account in fax in, but not in fax ack', () => {
		const {account: ofFaxIn} = faxIn.definition.defaults;
		const {account: ofFaxAck} = faxAck.definition.defaults;
		should(ofFaxIn).have.properties({type: 'retarus-account', required: true});
		should(ofFaxAck).have.properties({type: 'retarus-account', required: false});
	});

	it('keep markup and overlong values of an imported flow out of their messages', () => {
		should(faxIn.validate('batchSize', `<img src=x onerror=alert(1)>${'x'.repeat(200)}`))
			.be.a.String()
			.and.not.containEql('<');
		String(faxIn.validate('batchSize', 'x'.repeat(200))).length.should.be.below(160);
	});

	it('declare two parameters, without which Node-RED drops the sentence', () => {
		for (const editor of [account, faxIn, faxAck]) {
			for (const {validate} of editor.definitions.values()) {
				should(validate?.length ?? 2).equal(2);
			}
		}
	});
});
