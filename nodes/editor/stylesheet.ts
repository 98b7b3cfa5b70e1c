/**
 * The styles that all forms share. Text keeps the editor's text colour, because Node-RED's green, and its grey on
 * buttons, have too little contrast. Every colour is a variable of the editor, so it fits each theme. Long labels wrap,
 * and a narrow dialog has one column. The editor makes a dialog as wide as its longest line, even wider than a phone;
 * containment makes long hints wrap instead.
 */
const rules = `
.retarus-form { contain: inline-size; max-width: calc(100vw - 60px); }
.retarus-form [hidden] { display: none !important; }
.retarus-form .form-row { display: flex; flex-wrap: wrap; gap: 4px 10px; align-items: flex-start; }
.retarus-form .form-row > label {
	display: flex; gap: 6px; flex: 0 0 170px; width: auto; margin: 0; padding-top: 7px;
	line-height: 20px; overflow-wrap: anywhere;
}
.retarus-form .form-row > label > .fa { flex: none; width: 14px; line-height: 20px; text-align: center; }
.retarus-form .retarus-field {
	display: flex; flex-wrap: wrap; flex: 1 1 240px; gap: 6px 8px; align-items: center; min-width: 0;
	min-height: 34px;
}
.retarus-form .retarus-field input[type=text],
.retarus-form .retarus-field input[type=password],
.retarus-form .retarus-field select {
	flex: 1 1 200px; width: 100%; min-width: 0; margin: 0; box-sizing: border-box;
}
.retarus-form .retarus-field input.retarus-number {
	flex: 0 1 auto; field-sizing: content; width: 84px; min-width: 84px; max-width: 100%;
}
@supports (field-sizing: content) { .retarus-form .retarus-field input.retarus-number { width: auto; } }
.retarus-form .retarus-field input[type=checkbox] { flex: none; width: auto; margin: 0; }
.retarus-form .retarus-field input[type=text] + label.retarus-flag { display: none; }
.retarus-form .retarus-field label { flex: 1 1 120px; width: auto; margin: 0; line-height: 20px; }
.retarus-form .retarus-field select { height: 34px; }
.retarus-form .retarus-hint { flex: 1 1 100%; margin: 0; line-height: 18px; font-size: 13px; }
.retarus-form .form-tips { max-width: none; }
.retarus-form .retarus-outcome { flex: 1 1 100%; line-height: 20px; overflow-wrap: anywhere; }
.retarus-form {
	--red-ui-workspace-button-color: var(--red-ui-primary-text-color);
	--red-ui-workspace-button-color-hover: var(--red-ui-primary-text-color);
	--red-ui-workspace-button-color-focus: var(--red-ui-primary-text-color);
}
.retarus-form .retarus-good, .retarus-form .retarus-bad {
	padding-left: 8px; border-left: 4px solid var(--red-ui-text-color-success);
}
.retarus-form .retarus-bad { border-color: var(--red-ui-text-color-error); }
#retarus-fax-in-waiting ul { margin: 8px 0 12px; list-style: none; }
#retarus-fax-in-waiting li {
	padding: 6px 0; border-bottom: 1px solid var(--red-ui-secondary-border-color);
	overflow-wrap: anywhere;
}
#retarus-fax-in-waiting dl { display: flex; flex-wrap: wrap; gap: 2px 16px; margin: 0; }
#retarus-fax-in-waiting dl div { display: flex; gap: 6px; align-items: baseline; }
#retarus-fax-in-waiting dt { font-weight: normal; }
#retarus-fax-in-waiting dt::after { content: ":"; }
#retarus-fax-in-waiting dd { margin: 0; }
#retarus-fax-in-waiting dd button { margin-right: 4px; }
#retarus-fax-in-pages > * { box-sizing: border-box; width: 100%; }
#retarus-fax-in-pages iframe { height: 480px; border: 1px solid var(--red-ui-secondary-border-color); }
#retarus-fax-in-pages img {
	display: block; margin-bottom: 8px; border: 1px solid var(--red-ui-secondary-border-color);
	background: #fff;
}
.retarus-form fieldset {
	border: 0; border-top: 1px solid var(--red-ui-secondary-border-color); margin: 16px 0 0;
	padding: 4px 0 0; min-width: 0;
}
.retarus-form legend {
	border: 0; float: none; width: auto; margin: 0; padding: 0 8px 0 0; font-size: inherit;
	line-height: 20px; font-weight: bold; color: var(--red-ui-primary-text-color);
}
.retarus-form fieldset > .form-row:first-of-type { margin-top: 4px; }
.retarus-form details {
	border-top: 1px solid var(--red-ui-secondary-border-color); margin-top: 16px; padding-top: 10px;
}
.retarus-form summary {
	display: list-item; cursor: pointer; margin-bottom: 10px; font-weight: bold;
	color: var(--red-ui-primary-text-color);
}
.retarus-form summary:focus-visible { outline: 2px solid var(--red-ui-form-input-focus-color); outline-offset: 2px; }
@media (max-width: 480px) { .retarus-form .form-row > label { flex-basis: 100%; } }
`;

const id = 'retarus-fax-stylesheet';

/** Adds the rules once. All three scripts carry them. */
export const addStylesheet = (): void => {
	if (document.getElementById(id)) {
		return;
	}

	const style = document.createElement('style');
	style.id = id;
	style.textContent = rules;
	document.head.append(style);
};
