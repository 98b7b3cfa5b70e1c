import {isVariable} from '../../lib/config-checks';
import {shared} from './catalogue';
import {announce} from './form';

/**
 * Lets a list hold a variable, or any other value found in the flow. The list gets one more option, whose value is the
 * text in the field beside it. The editor stores the value of the list, so that value must always be the complete one.
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
 * Lets a checkbox hold a variable. A button turns the field itself from a checkbox into a text field and back, because
 * the editor reads `checked` of a checkbox and `value` of a text field.
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
		// The editor would tick the box for any string, even for 'false' from a flow written by hand.
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
