import {letterhead, lineHeight, margin, textWidth, typed, type Page} from './page';

/** An order form with a table, as a shop faxes it to its supplier. */
export function orderForm(): Page {
	const top = 268;
	const rows = [
		'Pos  Article      Description                              Quantity        Price',
		'',
		'  1  EX-1001      Copy paper A4, 80 g, white                 20 box       449.00',
		'  2  EX-2040      Envelopes C5 with window                    8 box        71.60',
		'  3  EX-3310      Toner cartridge, black                      4 pc        316.00',
		'  4  EX-3311      Toner cartridge, colour set                 1 set       228.50',
		'  5  EX-4002      Ring binder, 80 mm, blue                   50 pc         92.50',
		'',
		'                                                        Total, EUR       1157.60',
	];
	return [
		...letterhead('Example Office Supplies', '1 Sample Street, 00000 Sampletown'),
		...typed(margin, 130, ['To:', '', 'Example Wholesale', 'Order desk']),
		...typed(margin, 205, ['PURCHASE ORDER No. 4711', '', 'Please supply the following items:']),
		{kind: 'box', x: margin, y: top, width: textWidth, height: rows.length * lineHeight + 16},
		{kind: 'rule', x: margin, y: top + lineHeight + 10, width: textWidth},
		...typed(margin + 8, top + 8, rows),
		...typed(margin, top + 170, [
			'Delivery: within five working days, loading dock 2, 7 am to 3 pm.',
			'Invoice to the address above.',
		]),
		{kind: 'rule', x: margin, y: 560, width: 220},
		...typed(margin, 566, ['Signature, stamp']),
	];
}

/** A prescription, as a practice faxes it to a pharmacy. */
export function prescription(): Page {
	return [
		...letterhead('Example Medical Practice', 'General medicine   2 Sample Square, 00000 Sampletown'),
		...typed(margin, 130, ['To: Example Pharmacy', '', 'PRESCRIPTION - advance copy, original follows by mail']),
		{kind: 'box', x: margin, y: 190, width: textWidth, height: 68},
		...typed(margin + 8, 200, [
			'Patient     Sample Patient',
			'Born        01.01.1970',
			'Insurance   Example Health Insurance',
			'Number      X000000000',
		]),
		{kind: 'text', x: margin, y: 300, text: 'Rx', style: 'letterhead'},
		...typed(margin + 50, 304, [
			'Examplomycin 500 mg tablets, 20 pc',
			'1 - 0 - 1, after meals, for ten days',
			'',
			'Samplesartan 80 mg tablets, 98 pc',
			'1 - 0 - 0, permanently',
		]),
		{kind: 'box', x: margin, y: 400, width: 200, height: 68},
		...typed(margin + 8, 410, ['[X] no co-payment', '[ ] co-payment', '[ ] emergency', '[ ] accident at work']),
		{kind: 'rule', x: 320, y: 462, width: 225},
		...typed(320, 468, ['Signature of the physician']),
	];
}

/** A three-page letter from a court. */
export function courtLetter(): Page[] {
	const reference = 'Reference: 1 C 100/00 (please quote in every reply)';
	return [
		[
			...letterhead('Example District Court', 'Civil division   3 Sample Avenue, 00000 Sampletown'),
			...typed(margin, 130, ['To:', '', 'Example Law Firm', 'by fax only']),
			...typed(margin, 205, [
				reference,
				'',
				'In the matter of Example Trading v. Sample Logistics',
				'',
				'Dear Sir or Madam,',
				'',
				'the court has set the date for the hearing. Its order, with the list of documents to be',
				'submitted, and a form to confirm receipt are attached (2 pages).',
				'',
				'Please confirm receipt of this fax by returning the signed acknowledgement on page 3.',
				'',
				'Time limits run from the receipt of this fax. It was sent electronically and is valid',
				'without a signature.',
				'',
				'',
				'By order',
				'',
				'',
				'Registry of the Example District Court',
			]),
		],
		[
			...typed(margin, 70, [
				reference,
				'',
				'ORDER',
				'',
				'1. The hearing takes place in room 101.',
				'',
				'2. The defendant has two weeks to reply to the statement of claim in writing.',
				'',
				'3. The claimant has a further two weeks to comment on the reply.',
				'',
				'4. Within these time limits the parties shall submit',
				'',
				'   a) the framework contract with all its annexes,',
				'   b) the delivery notes 1 to 24,',
				'   c) the correspondence about the reported defects.',
				'',
				'5. Statements received after the time limit may be disregarded.',
			]),
		],
		[
			...typed(margin, 70, [
				reference,
				'',
				'ACKNOWLEDGEMENT OF RECEIPT',
				'',
				'We have received three complete and legible pages.',
			]),
			{kind: 'box', x: margin, y: 160, width: textWidth, height: 110},
			...typed(margin + 8, 170, ['Received on', '', '', 'Name', '', '', 'Signature']),
		],
	];
}

/** Two delivery notes, sent as one fax. */
export function deliveryNotes(): Page[] {
	return [1, 2].map((note) => [
		...letterhead('Example Wholesale', '4 Sample Road, 00000 Sampletown'),
		...typed(margin, 130, [
			`DELIVERY NOTE No. 90210-${note}`,
			'',
			`Pallet ${note} of 2, order No. 4711`,
			'',
			note === 1
				? 'EX-1001   Copy paper A4, 80 g, white      20 box'
				: 'EX-2040   Envelopes C5 with window           8 box',
			note === 1
				? 'EX-3310   Toner cartridge, black            4 pc '
				: 'EX-4002   Ring binder, 80 mm, blue          50 pc ',
		]),
		{kind: 'box', x: margin, y: 250, width: textWidth, height: 60},
		...typed(margin + 8, 260, ['Received in full and undamaged', '', 'Date, signature']),
	]);
}
