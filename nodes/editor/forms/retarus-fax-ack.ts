import type {AckAction, FaxAckConfig} from '../../../lib/node-config';
import {topicProblem} from '../../../lib/config-checks';
import {ackActions, faxAckDefaults} from '../../../lib/node-config';
import {catalogue} from '../catalogue';
import {input, list, show, unfold} from '../form';
import {addStylesheet} from '../stylesheet';
import {flag, oneOf, validator} from '../validator';
import {acceptVariable, acceptVariableForFlag} from '../variable';

const text = catalogue('retarus-fax-ack');

/** The label on the canvas, which names the action. */
const typeName = (action: string): string => {
	switch (action) {
		case 'giveBack' satisfies AckAction:
			return text('label.giveBack');
		case 'handOver' satisfies AckAction:
			return text('label.handOver');
		default:
			return text('label.type');
	}
};

addStylesheet();

RED.nodes.registerType<FaxAckConfig>('retarus-fax-ack', {
	category: 'network',
	color: '#3FADB5',
	icon: 'retarus-fax-ack.svg',
	inputs: 1,
	outputs: 1,
	defaults: {
		name: {value: faxAckDefaults.name, label: text('label.name')},
		account: {value: faxAckDefaults.account, label: text('label.account'), type: 'retarus-account', required: false},
		topic: {
			value: faxAckDefaults.topic,
			label: text('label.topic'),
			validate: validator((value) => (value ? topicProblem(value) : undefined)),
		},
		action: {value: faxAckDefaults.action, label: text('label.action'), validate: oneOf('action', ackActions)},
		guard: {value: faxAckDefaults.guard, label: text('label.guard'), validate: flag('guard')},
	},
	paletteLabel() {
		return text('label.type');
	},
	label() {
		return this.name || this.topic || typeName(this.action);
	},
	labelStyle() {
		return this.name ? 'node_label_italic' : '';
	},
	inputLabels() {
		return text('port.input');
	},
	outputLabels() {
		return text('port.output');
	},
	oneditprepare() {
		const action = list('node-input-action');
		acceptVariable(action, this.action || faxAckDefaults.action, '${RETARUS_ACK_ACTION}');
		acceptVariableForFlag(input('node-input-guard'), this.guard, '${RETARUS_GUARD}');
		unfold('retarus-fax-ack-advanced', this, faxAckDefaults, ['account', 'topic']);

		const follow = (): void => {
			const guarded = action.value !== 'giveBack' && action.value !== 'handOver';
			show('retarus-fax-ack-guard', guarded);
			for (const choice of ackActions) {
				show(`retarus-fax-ack-tip-${choice}`, action.value === choice);
			}
		};

		action.addEventListener('change', follow);
		follow();
	},
});
