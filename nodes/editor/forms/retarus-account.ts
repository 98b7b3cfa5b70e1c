import type {Problem} from '../../../lib/config-checks';
import type {AccountConfig, AccountCredentials} from '../../../lib/node-config';
import {baseUrlProblem, isVariable, regionProblem} from '../../../lib/config-checks';
import {accountDefaults} from '../../../lib/node-config';
import {catalogue} from '../catalogue';
import {addConnectionTest, testRequest} from '../connection-test';
import {announce, claim, current, field, input, isOpen, list, release, show, showDefaults, unfold} from '../form';
import type {EditorNode} from '../red';
import {addStylesheet} from '../stylesheet';
import {credential, flag, numberIn, validator} from '../validator';
import {acceptVariable, acceptVariableForFlag} from '../variable';

const text = catalogue('retarus-account');
const regionField = 'node-config-input-region';

/** A variable may hold the region `custom`. */
const takesBaseUrl = (region: unknown): boolean => region === 'custom' || isVariable(region);

/** The simulator's address and credentials if it is started without options (simulator/command-line.ts). */
const simulator = {baseUrl: 'http://127.0.0.1:8899/faxin/rest/v1', customerNumber: '99999', password: 'secret'};

/** Adds the simulator to the list. Choosing it fills the form and selects `custom`, which is what the flow stores. */
const offerSimulator = (region: HTMLSelectElement): void => {
	const option = document.createElement('option');
	option.value = 'custom';
	option.textContent = text('region.simulator');
	region.append(option);
	region.addEventListener('change', () => {
		if (region.selectedIndex !== option.index) {
			return;
		}

		region.value = 'custom';
		for (const [property, value] of Object.entries(simulator)) {
			const field = input(`node-config-input-${property}`);
			field.value = value;
			announce(field);
		}
	});
};

/** Only `custom` requires a base URL. With another region, the stored one stays unused. */
const problemOfBaseUrl = (value: unknown, node: EditorNode & AccountConfig): Problem | undefined => {
	const region = current(regionField, node.id, node.region);
	const wanted = region === 'custom' || (isVariable(region) && value !== '');
	return wanted ? baseUrlProblem(value) : undefined;
};

/** Credentials in the editor. `has_password` is set once the dialog has been opened. */
interface KnownCredentials {
	readonly credentials?: {readonly customerNumber?: unknown; readonly has_password?: unknown};
}

/**
 * Reports missing credentials by the name, a property that the editor always validates. It validates credentials only
 * while their fields are open, so a deploy would not warn about them otherwise. Until the dialog has been opened, the
 * editor does not know the credentials and the account counts as valid.
 */
const problemOfCredentials = (
	_name: unknown,
	{id, credentials}: EditorNode & KnownCredentials,
): Problem | undefined => {
	const isLacking =
		credentials?.has_password === false ||
		(typeof credentials?.customerNumber === 'string' && credentials.customerNumber.trim() === '');
	return isLacking && !isOpen(regionField, id) ? {reason: 'credentialsMissing', facts: {}} : undefined;
};

addStylesheet();

RED.nodes.registerType<AccountConfig, AccountCredentials>('retarus-account', {
	category: 'config',
	defaults: {
		name: {value: accountDefaults.name, label: text('label.name'), validate: validator(problemOfCredentials)},
		region: {value: accountDefaults.region, label: text('label.region'), validate: validator(regionProblem)},
		baseUrl: {value: accountDefaults.baseUrl, label: text('label.baseUrl'), validate: validator(problemOfBaseUrl)},
		requestTimeout: {
			value: accountDefaults.requestTimeout,
			label: text('label.requestTimeout'),
			validate: numberIn('requestTimeout'),
		},
		keptDays: {value: accountDefaults.keptDays, label: text('label.keptDays'), validate: numberIn('keptDays')},
		trial: {value: accountDefaults.trial, label: text('label.trial'), validate: flag('trial')},
		tls: {value: accountDefaults.tls, label: text('label.tls'), type: 'tls-config', required: false},
		proxy: {value: accountDefaults.proxy, label: text('label.proxy'), type: 'http proxy', required: false},
	},
	credentials: {
		customerNumber: {type: 'text', label: text('label.customerNumber'), validate: credential},
		password: {type: 'password', label: text('label.password'), validate: credential},
	},
	paletteLabel() {
		return text('label.type');
	},
	label() {
		return (
			this.name ||
			(this.region === 'custom' && this.baseUrl) ||
			text('label.account', {region: this.region || accountDefaults.region})
		);
	},
	labelStyle() {
		return this.name ? 'node_label_italic' : '';
	},
	oneditprepare() {
		const region = list(regionField);
		offerSimulator(region);
		acceptVariable(region, this.region || accountDefaults.region, '${RETARUS_REGION}');
		acceptVariableForFlag(input('node-config-input-trial'), this.trial, '${RETARUS_TRIAL}');
		showDefaults('node-config-input', ['requestTimeout', 'keptDays']);
		unfold('retarus-account-advanced', this, accountDefaults, ['requestTimeout', 'keptDays', 'tls', 'proxy']);

		const follow = (): void => {
			show('retarus-account-base-url', takesBaseUrl(region.value));
		};

		addConnectionTest('retarus-account-test', 'retarus-account-outcome', () => {
			const value = (property: string): string => field(`node-config-input-${property}`);
			return testRequest(this.id, value, {customerNumber: value('customerNumber'), password: value('password')});
		});
		claim(region, this.id);
		region.addEventListener('change', follow);
		follow();
	},
	oneditsave() {
		// The editor validates next, while the form still exists.
		release(list(regionField));
	},
});
