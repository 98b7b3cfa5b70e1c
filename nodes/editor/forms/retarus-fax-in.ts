import type {FaxInConfig} from '../../../lib/node-config';
import {isVariable, pollIntervalProblem, toNumber, topicProblem} from '../../../lib/config-checks';
import {faxInDefaults, messagePerChoices} from '../../../lib/node-config';
import {onlyAccount} from '../accounts';
import {catalogue} from '../catalogue';
import {addConnectionTest, testRequest} from '../connection-test';
import {announce, claim, current, element, field, input, list, show, showDefaults, unfold} from '../form';
import type {EditorNode} from '../red';
import {resource} from '../resources';
import {addStylesheet} from '../stylesheet';
import {numberIn, oneOf, validator} from '../validator';
import {acceptVariable} from '../variable';
import type {Look} from '../waiting-faxes';

const text = catalogue('retarus-fax-in');
const inputsField = 'node-input-inputs';

/** A variable may hold a limit, so output 2 must exist in time to be wired. */
const outputsFor = (maxDeliveries: unknown): number =>
	isVariable(maxDeliveries) || (toNumber('maxDeliveries', maxDeliveries) ?? 0) > 0 ? 2 : 1;

addStylesheet();

RED.nodes.registerType<FaxInConfig>('retarus-fax-in', {
	category: 'network',
	color: '#3FADB5',
	icon: 'retarus-fax-in.svg',
	inputs: 0,
	outputs: 1,
	defaults: {
		name: {value: faxInDefaults.name, label: text('label.name')},
		account: {value: faxInDefaults.account, label: text('label.account'), type: 'retarus-account', required: true},
		topic: {value: faxInDefaults.topic, label: text('label.topic'), validate: validator(topicProblem)},
		pollInterval: {
			value: faxInDefaults.pollInterval,
			label: text('label.pollInterval'),
			validate: validator((value, node: EditorNode & FaxInConfig) =>
				pollIntervalProblem(value, current(inputsField, node.id, node.inputs)),
			),
		},
		inputs: {value: faxInDefaults.inputs, label: text('label.inputs')},
		messagePer: {
			value: faxInDefaults.messagePer,
			label: text('label.messagePer'),
			validate: oneOf('messagePer', messagePerChoices),
		},
		maxInFlight: {
			value: faxInDefaults.maxInFlight,
			label: text('label.maxInFlight'),
			validate: numberIn('maxInFlight'),
		},
		processingTimeout: {
			value: faxInDefaults.processingTimeout,
			label: text('label.processingTimeout'),
			validate: numberIn('processingTimeout'),
		},
		maxDeliveries: {
			value: faxInDefaults.maxDeliveries,
			label: text('label.maxDeliveries'),
			validate: numberIn('maxDeliveries'),
		},
		outputs: {value: faxInDefaults.outputs, label: text('label.outputs')},
		batchSize: {value: faxInDefaults.batchSize, label: text('label.batchSize'), validate: numberIn('batchSize')},
		lockTimeout: {
			value: faxInDefaults.lockTimeout,
			label: text('label.lockTimeout'),
			validate: numberIn('lockTimeout'),
		},
		maxFaxSize: {value: faxInDefaults.maxFaxSize, label: text('label.maxFaxSize'), validate: numberIn('maxFaxSize')},
	},
	paletteLabel() {
		return text('label.type');
	},
	label() {
		return this.name || this.topic || text('label.type');
	},
	labelStyle() {
		return this.name ? 'node_label_italic' : '';
	},
	inputLabels() {
		return text('port.input');
	},
	outputLabels(index) {
		if (index > 0) {
			return text('port.failed');
		}

		return this.messagePer === 'document' ? text('port.document') : text('port.fax');
	},
	onadd() {
		this.account ||= onlyAccount(this.z) ?? '';
	},
	oneditprepare() {
		const inputs = input(inputsField);
		const inputPort = input('retarus-fax-in-input-port');
		const maxDeliveries = input('node-input-maxDeliveries');
		const outputs = input('node-input-outputs');
		acceptVariable(
			list('node-input-messagePer'),
			this.messagePer || faxInDefaults.messagePer,
			'${RETARUS_MESSAGE_PER}',
		);
		showDefaults('node-input', [
			'pollInterval',
			'maxInFlight',
			'processingTimeout',
			'maxDeliveries',
			'batchSize',
			'lockTimeout',
			'maxFaxSize',
		]);
		unfold('retarus-fax-in-advanced', this, faxInDefaults, ['batchSize', 'lockTimeout', 'maxFaxSize']);

		addConnectionTest('retarus-fax-in-test', 'retarus-fax-in-outcome', () => {
			const id = field('node-input-account');
			// The account in the workspace, deployed or not.
			const account = new Map(Object.entries(RED.nodes.node(id) ?? {}));
			return testRequest(
				id,
				(property) => account.get(property),
				account.get('credentials'),
				field('node-input-topic'),
			);
		});
		element('retarus-fax-in-look').addEventListener('click', () => {
			void import(resource('waiting-faxes')).then(({look}: {look: Look}) => look(this.id));
		});
		claim(inputs, this.id);
		inputPort.checked = Number(this.inputs) === 1;
		inputPort.addEventListener('change', () => {
			inputs.value = inputPort.checked ? '1' : '0';
			announce(inputs);
		});

		const follow = (): void => {
			const wanted = outputsFor(maxDeliveries.value);
			outputs.value = String(wanted);
			show('retarus-fax-in-second-output', wanted > 1);
		};

		maxDeliveries.addEventListener('input', follow);
		follow();
	},
});
