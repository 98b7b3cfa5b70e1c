import {isVariable} from '../../lib/node-config';
import {shared} from './catalogue';
import {announce} from './form';

/**
 * Lets a list take a variable, or whatever else a flow holds: its last option carries the text beside it, so that the list's own value,
 * which is what the editor reads, is always what will be stored.
 */
export const acceptVariable = (list: HTMLSelectElement, stored: string, suggestion: string): void => {
	const option = document.createElement('option');
	option.textContent = shared('variable.option');
	const text = document.createElement('input');
	text.type = 'text';
	text.setAttribute('aria-label', shared('variable.label'));
	text.placeholder = suggestion;
	const known = Array.from(list.options).some(({value}) => value === stored);
	list.append(option);
	list.after(text);

	text.value = known ? suggestion : stored;
	option.value = text.value;
	list.value = stored;
	text.hidden = known;
	list.addEventListener('change', () => {
		text.hidden = list.selectedIndex !== option.index;
	});
	text.addEventListener('input', () => {
		option.value = text.value;
		announce(list);
	});
};

/**
 * Lets a checkbox take a variable: the button turns the one field from a checkbox into a text and back, because the editor reads
 * `checked` from the one and `value` from the other.
 */
export const acceptVariableForFlag = (field: HTMLInputElement, stored: unknown, suggestion: string): void => {
	const button = document.createElement('button');
	button.type = 'button';
	button.className = 'red-ui-button red-ui-button-small';
	button.textContent = '${ }';
	button.title = shared('variable.option');
	button.setAttribute('aria-label', shared('variable.option'));
	field.closest('.retarus-field')?.append(button);

	const turn = (variable: boolean): void => {
		field.type = variable ? 'text' : 'checkbox';
		button.setAttribute('aria-pressed', String(variable));
	};

	turn(isVariable(stored));
	if (isVariable(stored)) {
		field.value = stored;
	} else {
		// Any string is true to the editor, `false` from a hand-written flow included.
		field.checked = stored === true || stored === 'true';
	}

	button.addEventListener('click', () => {
		const variable = field.type === 'checkbox';
		turn(variable);
		if (variable && !isVariable(field.value)) {
			field.value = suggestion;
		}

		announce(field);
	});
};
