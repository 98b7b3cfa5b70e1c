/** A document's bytes. A function makes them at each download, so thousands of samples cost nothing until read. */
export type DocumentContent = Buffer | (() => Buffer);

/** A document of a new fax. Buffers are shared, not copied. */
export interface NewDocument {
	/** Without the dot: `pdf`, `tiff`, `tif`, `txt`. */
	readonly extension: string;
	readonly content: DocumentContent;
	/** Last segment of the URL. @default `{id}.{extension}`, or `{id}-{number}.{extension}` for one of several */
	readonly name?: string | undefined;
	/** URL to list: another host, another scheme, not a URL at all. @default the URL the simulator serves */
	readonly url?: string | undefined;
	/** @default the type that belongs to the extension */
	readonly contentType?: string | undefined;
}

/** A stored document. `name` is the last segment of its URL. */
export interface FaxDocument {
	readonly name: string;
	readonly content: DocumentContent;
	readonly contentType: string;
	readonly url?: string | undefined;
}

/**
 * Other extensions get `application/octet-stream`, even `txt`: the vendor's Python client decodes `text/plain` and
 * `application/json` as text, which corrupts the bytes.
 */
const contentTypes: Readonly<Record<string, string>> = {
	pdf: 'application/pdf',
	tif: 'image/tiff',
	tiff: 'image/tiff',
};

/** Names the documents of a fax: `{id}.{extension}`, or `{id}-{number}.{extension}` if there are several. */
export function nameDocuments(id: string, documents: readonly NewDocument[]): FaxDocument[] {
	return documents.map(({extension, content, name, url, contentType}, index) => ({
		name: name ?? (documents.length === 1 ? `${id}.${extension}` : `${id}-${index + 1}.${extension}`),
		content,
		contentType: contentType ?? contentTypes[extension.toLowerCase()] ?? 'application/octet-stream',
		url,
	}));
}

/** The document's bytes, made now if the content is a function. */
export function bytesOf(document: FaxDocument): Buffer {
	return typeof document.content === 'function' ? document.content() : document.content;
}
