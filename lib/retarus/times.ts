/**
 * A time in any of the spellings that machines use, as ISO 8601 with the offset it came with. How the service
 * spells times is unknown, so many are read; but one that can be read in two ways stays unread, because a wrong
 * time is worse than none.
 */

/** As the service wrote it, where it did: digits and all. */
interface Parts {
	readonly year: string;
	readonly month: string;
	readonly day: string;
	readonly hour: string;
	readonly minute: string;
	readonly second?: string | undefined;
	/** Digits behind the point. */
	readonly fraction?: string | undefined;
	/** `''` when none was given: then it is local time. */
	readonly offset: string;
}

const months: readonly string[] = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** Names of offsets that mean the same everywhere. Others, such as CST and IST, are used for several. */
const zones: Readonly<Record<string, string>> = {
	Z: 'Z',
	UT: 'Z',
	UTC: 'Z',
	GMT: 'Z',
	WET: '+00:00',
	CET: '+01:00',
	MEZ: '+01:00',
	CEST: '+02:00',
	MESZ: '+02:00',
	EET: '+02:00',
	EEST: '+03:00',
};

/** No text for a time is longer. */
const longestText = 80;

export const readTime = (value: unknown): string | undefined => {
	if (typeof value === 'number') {
		return fromEpoch(value) ?? fromDigits(String(value));
	}

	if (Array.isArray(value)) {
		return fromList(value);
	}

	if (typeof value !== 'string') {
		return undefined;
	}

	const text = value.replace(/\s+/g, ' ').trim();
	return text.length > longestText ? undefined : fromText(text.replace(/ ?\([^()]*\)$/, ''));
};

const fromText = (text: string): string | undefined => {
	if (/^\d{9,}(?:\.\d+)?$/.test(text)) {
		return fromEpoch(Number(text)) ?? fromDigits(text);
	}

	return fromJsonDate(text) ?? fromDateAndTime(text) ?? fromNamedMonth(text) ?? fromDigits(text);
};

/** From the years in which there may be faxes of this service: what lies outside is a number of another kind. */
const earliestMs = Date.UTC(2000, 0, 1);
const latestMs = Date.UTC(2100, 0, 1);

/**
 * Seconds since 1970 with or without a fraction, or milliseconds, microseconds or nanoseconds: their ranges are far
 * apart.
 */
const fromEpoch = (value: number): string | undefined => {
	const ms = [value * 1000, value, value / 1000, value / 1_000_000].find((one) => one >= earliestMs && one < latestMs);
	return ms === undefined ? undefined : new Date(Math.round(ms)).toISOString();
};

/** `20191118112104`, `20191118T112104Z` and the like. */
const fromDigits = (text: string): string | undefined => {
	const [, year = '', month = '', day = '', hour = '', minute = '', second, fraction, zone = ''] =
		/^(\d{4})(\d\d)(\d\d)[T _-]?(\d\d)(\d\d)(\d\d)?(?:[.,](\d+))? ?(.*)$/i.exec(text) ?? [];
	return assemble({year, month, day, hour, minute, second, fraction, offset: readOffset(zone)});
};

/** `[2019, 11, 18, 11, 21, 4, nanoseconds]`, as Java's Jackson writes a local time. */
const fromList = (list: readonly unknown[]): string | undefined => {
	if (list.length < 5 || list.length > 7 || !list.every((one) => Number.isSafeInteger(one))) {
		return undefined;
	}

	const [year = '', month = '', day = '', hour = '', minute = '', second = '00', nanoseconds] = list.map((one, index) =>
		String(one).padStart(index === 0 ? 4 : 2, '0'),
	);
	const fraction = nanoseconds?.padStart(9, '0');
	return assemble({year, month, day, hour, minute, second, fraction, offset: ''});
};

/** `/Date(1574072464000+0100)/`, as .NET writes it: milliseconds since 1970, and an offset to show them with. */
const fromJsonDate = (text: string): string | undefined => {
	const [, digits, zone = 'Z'] = /^\\?\/Date\((\d{12,13})([+-]\d{4})?\)\\?\/$/.exec(text) ?? [];
	const offset = readOffset(zone);
	const [, sign = '+', hours = '0', minutes = '0'] = /^([+-])(\d\d):(\d\d)$/.exec(offset ?? '') ?? [];
	if (digits === undefined || offset === undefined || fromEpoch(Number(digits)) === undefined) {
		return undefined;
	}

	const shiftMs = Number(`${sign}1`) * (Number(hours) * 60 + Number(minutes)) * 60_000;
	return `${new Date(Number(digits) + shiftMs).toISOString().slice(0, -1)}${offset}`;
};

const time = String.raw`(\d{1,2})[:.](\d\d)(?:[:.](\d\d)(?:[.,](\d+))?)?(?: ?([AP])\.?M\b\.?)?`;
/** What may follow a time: an offset or its name, and a place in brackets, as Java writes it, that says it again. */
const zone = String.raw` ?([^[]*?)(?: ?\[([\w/+-]+)\])?`;
const yearFirst = new RegExp(String.raw`^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:T|[ _-]|, )${time}${zone}$`, 'i');
const yearLast = new RegExp(String.raw`^(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?:T|[ _-]|, )${time}${zone}$`, 'i');

/** `2019-11-18T11:21:04+01:00`, `2011-09-28-13.22.04`, `18.11.2019 11:21:04`. */
const fromDateAndTime = (text: string): string | undefined => {
	const first = yearFirst.exec(text);
	if (first) {
		const [, year = '', , month = '', day = '', ...rest] = first;
		return withTime({year, month, day}, rest);
	}

	const last = yearLast.exec(text);
	if (!last) {
		return undefined;
	}

	const [, one = '', separator, other = '', year = '', ...rest] = last;
	// Only with points is it certain that the day comes first. Otherwise the numbers have to tell, as in 18/11/2019.
	const isDayFirst = separator === '.' || Number(one) > 12 || one === other;
	const isMonthFirst = !isDayFirst && Number(other) > 12;
	if (!isDayFirst && !isMonthFirst) {
		return undefined;
	}

	return withTime(isDayFirst ? {year, month: other, day: one} : {year, month: one, day: other}, rest);
};

const monthName = '([a-z]{3})[a-z]*\\.?';
const weekday = '(?:[a-z]{3,9}\\.?,? )?';
/** `Mon, 18 Nov 2019 11:21:04 +0100` (RFC 2822), `18-Nov-2019 11:21:04`. */
const dayMonthYear = new RegExp(`^${weekday}(\\d{1,2})[ -]${monthName}[ -](\\d{4}),? ${time}${zone}$`, 'i');
/** `Nov 18, 2019 11:21:04 AM`. */
const monthDayYear = new RegExp(`^${weekday}${monthName} (\\d{1,2}),? (\\d{4}),? ${time}${zone}$`, 'i');
/** `Mon Nov 18 11:21:04 CET 2019`, as Java and C write it. */
const yearAtEnd = new RegExp(`^${weekday}${monthName} (\\d{1,2}) ${time} ?([a-z]*) (\\d{4})$`, 'i');

const fromNamedMonth = (text: string): string | undefined => {
	const [, firstDay, firstMonth = '', firstYear = '', ...first] = dayMonthYear.exec(text) ?? [];
	if (firstDay !== undefined) {
		return withTime({year: firstYear, month: monthNumber(firstMonth), day: firstDay}, first);
	}

	const [, secondMonth, secondDay = '', secondYear = '', ...second] = monthDayYear.exec(text) ?? [];
	if (secondMonth !== undefined) {
		return withTime({year: secondYear, month: monthNumber(secondMonth), day: secondDay}, second);
	}

	const [, thirdMonth = '', thirdDay = '', ...third] = yearAtEnd.exec(text) ?? [];
	return withTime({year: third.pop() ?? '', month: monthNumber(thirdMonth), day: thirdDay}, third);
};

const monthNumber = (name: string): string => String(months.indexOf(name.toLowerCase()) + 1);

/** The second argument is what {@link time} and {@link zone} captured. */
const withTime = (
	{year, month, day}: Pick<Parts, 'year' | 'month' | 'day'>,
	[clock = '', minute = '', second, fraction, half, offset = '', place]: readonly (string | undefined)[],
): string | undefined => {
	const hour = half === undefined ? clock : hourOfDay(Number(clock), half);
	// A place has two offsets a year, and its rules are not known here.
	const given = offset.trim() === '' ? place : offset;
	return hour === undefined
		? undefined
		: assemble({
				year,
				month: month.padStart(2, '0'),
				day: day.padStart(2, '0'),
				hour: hour.padStart(2, '0'),
				minute,
				second,
				fraction,
				offset: readOffset(given ?? ''),
			});
};

const hourOfDay = (hour: number, half: string): string | undefined =>
	hour < 1 || hour > 12 ? undefined : String((hour % 12) + (half.toUpperCase() === 'P' ? 12 : 0));

/** `+01`, `+0100`, `+01:00`, `GMT+1`, `Z`, `CET`; `''` for none, `undefined` for one that is unknown. */
const readOffset = (text: string): string | undefined => {
	const name = text.trim().toUpperCase();
	if (name === '') {
		return '';
	}

	const [, sign = '', hours, minutes = '00'] = /^(?:UTC|GMT)?([+-])(\d{1,2}):?(\d\d)?$/.exec(name) ?? [];
	return hours === undefined ? zones[name] : `${sign}${hours.padStart(2, '0')}:${minutes}`;
};

/** Only a moment that exists: no 30th of February, which `Date` would take for the 2nd of March. */
const assemble = (parts: Omit<Parts, 'offset'> & {readonly offset: string | undefined}): string | undefined => {
	const {year, month, day, hour, minute, second, fraction, offset} = parts;
	const date = `${year}-${month}-${day}`;
	const midnight = new Date(`${date}T00:00:00Z`);
	if (offset === undefined || Number.isNaN(midnight.getTime()) || midnight.toISOString().slice(0, 10) !== date) {
		return undefined;
	}

	const seconds = second === undefined ? '' : `:${second}${fraction === undefined ? '' : `.${fraction}`}`;
	const iso = `${date}T${hour}:${minute}${seconds}${offset}`;
	return Number.isNaN(Date.parse(iso)) ? undefined : iso;
};
