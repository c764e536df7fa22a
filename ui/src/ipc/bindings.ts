// The contract with the core in the shape tauri-specta generates; the generated file replaces this one unchanged.
import { invoke as __TAURI_INVOKE } from "@tauri-apps/api/core";
import * as __TAURI_EVENT from "@tauri-apps/api/event";

/** Commands */
export const commands = {
	workspaceGet: () => typedError<WorkspaceView, AppError>(__TAURI_INVOKE("workspace_get")),
	workspaceUpdate: (input: WorkspaceUpdate) => typedError<WorkspaceView, AppError>(__TAURI_INVOKE("workspace_update", { input })),
	personSitDown: (input: SitDown) => typedError<WorkspaceView, AppError>(__TAURI_INVOKE("person_sit_down", { input })),
	personStandUp: () => typedError<WorkspaceView, AppError>(__TAURI_INVOKE("person_stand_up")),
	notificationTest: () => typedError<NotificationHealth, AppError>(__TAURI_INVOKE("notification_test")),
	sampleLoad: () => typedError<BatchView, AppError>(__TAURI_INVOKE("sample_load")),
	sampleRemove: () => typedError<WorkspaceView, AppError>(__TAURI_INVOKE("sample_remove")),
	importChoose: () => typedError<FilePick | null, AppError>(__TAURI_INVOKE("import_choose")),
	importInspect: (token: string, options: ImportOptions) => typedError<ImportPlan, AppError>(__TAURI_INVOKE("import_inspect", { token, options })),
	importStart: (token: string, options: ImportOptions) => typedError<ImportProgress, AppError>(__TAURI_INVOKE("import_start", { token, options })),
	importProgress: (job: string) => typedError<ImportProgress, AppError>(__TAURI_INVOKE("import_progress", { job })),
	importCancel: (job: string) => typedError<ImportProgress, AppError>(__TAURI_INVOKE("import_cancel", { job })),
	batchList: () => typedError<BatchView[], AppError>(__TAURI_INVOKE("batch_list")),
	batchUndo: (id: string) => typedError<BatchView, AppError>(__TAURI_INVOKE("batch_undo", { id })),
	rejectedSave: (id: string) => typedError<SavedFile | null, AppError>(__TAURI_INVOKE("rejected_save", { id })),
	inboxCounts: () => typedError<InboxCounts, AppError>(__TAURI_INVOKE("inbox_counts")),
	inboxPage: (query: InboxQuery) => typedError<InboxPage, AppError>(__TAURI_INVOKE("inbox_page", { query })),
	inboxExport: (query: InboxQuery) => typedError<SavedFile | null, AppError>(__TAURI_INVOKE("inbox_export", { query })),
	ticketGet: (id: string) => typedError<TicketView, AppError>(__TAURI_INVOKE("ticket_get", { id })),
	ticketOpen: (reviewId: string) => typedError<TicketView, AppError>(__TAURI_INVOKE("ticket_open", { reviewId })),
	draftSave: (input: DraftInput) => typedError<null, AppError>(__TAURI_INVOKE("draft_save", { input })),
	ticketReply: (input: ReplyInput) => typedError<TicketView, AppError>(__TAURI_INVOKE("ticket_reply", { input })),
	ticketNote: (input: TextInput) => typedError<TicketView, AppError>(__TAURI_INVOKE("ticket_note", { input })),
	ticketCorrect: (input: CorrectInput) => typedError<TicketView, AppError>(__TAURI_INVOKE("ticket_correct", { input })),
	ticketDismiss: (input: DismissInput) => typedError<TicketView, AppError>(__TAURI_INVOKE("ticket_dismiss", { input })),
	ticketStatus: (input: StatusInput) => typedError<TicketView, AppError>(__TAURI_INVOKE("ticket_status", { input })),
	ticketOfferSolution: (input: TextInput) => typedError<TicketView, AppError>(__TAURI_INVOKE("ticket_offer_solution", { input })),
	ticketResolve: (input: TextInput) => typedError<TicketView, AppError>(__TAURI_INVOKE("ticket_resolve", { input })),
	ticketClose: (input: CloseInput) => typedError<TicketView, AppError>(__TAURI_INVOKE("ticket_close", { input })),
	ticketReopen: (input: TextInput) => typedError<TicketView, AppError>(__TAURI_INVOKE("ticket_reopen", { input })),
	ticketAssign: (input: AssignInput) => typedError<TicketView, AppError>(__TAURI_INVOKE("ticket_assign", { input })),
	ticketUndo: (input: UndoInput) => typedError<TicketView, AppError>(__TAURI_INVOKE("ticket_undo", { input })),
	reviewPage: (query: ReviewQuery) => typedError<ReviewPage, AppError>(__TAURI_INVOKE("review_page", { query })),
	reviewGet: (id: string) => typedError<ReviewView, AppError>(__TAURI_INVOKE("review_get", { id })),
	alertList: () => typedError<AlertView[], AppError>(__TAURI_INVOKE("alert_list")),
	alertSeen: (ids: string[]) => typedError<null, AppError>(__TAURI_INVOKE("alert_seen", { ids })),
	backupList: () => typedError<BackupView[], AppError>(__TAURI_INVOKE("backup_list")),
	backupNow: () => typedError<BackupView, AppError>(__TAURI_INVOKE("backup_now")),
	backupRestore: (name: string) => typedError<WorkspaceView, AppError>(__TAURI_INVOKE("backup_restore", { name })),
	backupRestoreFile: () => typedError<WorkspaceView | null, AppError>(__TAURI_INVOKE("backup_restore_file")),
	backupSaveCopy: () => typedError<SavedFile | null, AppError>(__TAURI_INVOKE("backup_save_copy")),
};

/** Events */
export const events = {
	alertRaised: makeEvent<AlertRaised>("alert-raised"),
	changed: makeEvent<Changed>("changed"),
	closingToTray: makeEvent<ClosingToTray>("closing-to-tray"),
	dragHover: makeEvent<DragHover>("drag-hover"),
	filesDropped: makeEvent<FilesDropped>("files-dropped"),
	openTicket: makeEvent<OpenTicket>("open-ticket"),
};

/* Types */
export type Action = "reply" | "note" | "assign" | "tier" | "correct" | "status" | "offer_solution" | "resolve" | "close" | "dismiss" | "reopen";

export type ActivityView = {
	id: string;
	at: string;
	actor: string | null;
	kind: string;
	data: [string, string][];
	text: string | null;
	undone: boolean;
};

export type AlertRaised = {
	alert: AlertView;
};

export type AlertView = {
	id: string;
	ticketId: string;
	number: string;
	tier: Tier;
	level: string;
	metric: string | null;
	at: string;
	title: string;
	body: string;
	seen: boolean;
	failed: boolean;
};

export type AppError = {
	code: ErrorCode;
	message: string;
	detail: string | null;
};

export type AssessmentView = {
	sentiment: Sentiment;
	negativeProbability: number | null;
	causes: CauseView[];
	severity: Severity;
	risks: RiskView[];
	genuine: boolean;
	starsDisagree: boolean;
	confidence: number | null;
	needsConfirmation: boolean;
	language: Language;
};

export type AssignInput = {
	ticket: TicketRef;
	personId: string | null;
};

export type BackupView = {
	name: string;
	at: string;
	bytes: number | null;
	automatic: boolean;
};

export type BatchView = {
	id: string;
	fileName: string;
	channel: Channel;
	at: string;
	by: string | null;
	format: string;
	encoding: string | null;
	read: number;
	new: number;
	updated: number;
	unchanged: number;
	rejected: number;
	history: number;
	tickets: number;
	urgent: number;
	warnings: ImportNote[];
	rejects: RejectView[];
	sample: boolean;
	undone: boolean;
};

export type CalendarChoice = "always" | "business";

export type Cause = "quality" | "hygiene" | "service" | "logistics" | "packaging" | "fulfilment" | "price" | "mismatch" | "aftersales" | "facility" | "expectation" | "other";

export type CauseView = {
	cause: Cause;
	probability: number | null;
	by: Voice;
	words: string[];
};

export type Changed = {
	tags: Tag[];
};

export type Channel = "taobao" | "tmall" | "jd" | "pinduoduo" | "douyin" | "kuaishou" | "xiaohongshu" | "weibo" | "meituan" | "dianping" | "eleme" | "wechat" | "ctrip" | "fliggy" | "google" | "google_play" | "app_store" | "trustpilot" | "booking" | "amazon" | "shopify" | "other";

export type ClockState = "running" | "paused" | "met" | "breached" | "cancelled";

export type ClockView = {
	metric: string;
	cycle: number;
	startAt: string;
	dueAt: string;
	state: ClockState;
	slaState: SlaState;
	amberAt: string | null;
	redAt: string | null;
	fulfilledAt: string | null;
	targetSecs: number;
	remainingSecs: number;
	why: WhyView[];
	whyText: string;
};

export type CloseInput = {
	ticket: TicketRef;
	invitation: InvitationChoice;
	reason: string | null;
};

export type ClosingToTray = Record<string, never>;

export type ColumnChoice = {
	index: number;
	field: string | null;
};

export type CorrectInput = {
	ticket: TicketRef;
	tier: Tier | null;
	causes: Cause[] | null;
	severity: Severity | null;
	sentiment: Sentiment | null;
	reason: string | null;
};

export type DismissInput = {
	ticket: TicketRef;
	reason: DismissReason;
	note: string | null;
};

export type DismissReason = "not_complaint" | "duplicate" | "spam" | "other";

export type DraftInput = {
	ticketId: string;
	body: string;
};

export type DragHover = {
	over: boolean;
};

export type ErrorCode = "invalid" | "not_found" | "conflict" | "forbidden" | "no_actor" | "not_now" | "file" | "question" | "too_new" | "store" | "cancelled" | "internal";

export type FilePick = {
	token: string;
	name: string;
	bytes: number | null;
};

export type FilesDropped = {
	files: FilePick[];
};

export type ImportColumn = {
	index: number;
	header: string;
	field: string | null;
	samples: string[];
};

export type ImportNote = {
	code: string;
	row: number | null;
	count: number;
	text: string;
};

export type ImportOptions = {
	encoding?: string | null;
	dateOrder?: string | null;
	zone?: string | null;
	channel?: Channel | null;
	shop?: string | null;
	sheet?: string | null;
	member?: string | null;
	mapping?: ColumnChoice[] | null;
	openDays?: number | null;
};

export type ImportPlan = {
	file: FilePick;
	format: string;
	encoding: string | null;
	sheet: string | null;
	channel: Channel;
	channelCertain: boolean;
	headerRow: number;
	scale: Scale;
	zone: string;
	columns: ImportColumn[];
	fields: string[];
	rowsEstimate: number | null;
	preview: PreviewRow[];
	questions: ImportQuestion[];
	warnings: ImportNote[];
	importedBefore: string | null;
};

export type ImportProgress = {
	job: string;
	state: ImportState;
	rows: number;
	share: number | null;
	rowsPerSec: number | null;
	secsLeft: number | null;
	result: BatchView | null;
	error: AppError | null;
};

export type ImportQuestion = {
	code: string;
	text: string;
	choices: string[];
};

export type ImportState = "running" | "done" | "cancelled" | "failed";

export type InboxCounts = {
	mine: number;
	urgent: number;
	due1h: number;
	overdue: number;
	waiting: number;
	unassigned: number;
	lowConfidence: number;
	open: number;
	all: number;
	alerts: number;
	reviews: number;
	channels: Channel[];
};

export type InboxPage = {
	rows: InboxRow[];
	next: string | null;
	total: number;
};

export type InboxQuery = {
	view: View;
	search?: string;
	tiers?: Tier[];
	causes?: Cause[];
	channels?: Channel[];
	statuses?: TicketStatus[];
	cursor?: string | null;
	limit: number;
};

export type InboxRow = {
	id: string;
	number: string;
	version: number;
	tier: Tier;
	status: TicketStatus;
	clock: RowClock | null;
	channel: Channel;
	shop: string | null;
	stars: number | null;
	polarity: PlatformPolarity | null;
	excerpt: string;
	marks: MarkView[];
	product: string | null;
	author: string | null;
	causes: Cause[];
	risks: Risk[];
	owner: PersonView | null;
	needsConfirmation: boolean;
	hasDraft: boolean;
};

export type Industry = "ecommerce" | "restaurant" | "hotel" | "general";

export type InvitationChoice = "sent" | "impossible" | "withheld";

export type Language = "chinese" | "english" | "other" | "none";

export type Locale = "zh-CN" | "zh-TW" | "en";

export type MarkView = {
	start: number;
	end: number;
	about: string;
};

export type NotificationHealth = "untested" | "confirmed" | "missing" | "not_seen";

export type OpenTicket = {
	ticketId: string;
};

export type PersonView = {
	id: string;
	name: string;
	role: Role;
};

export type PlatformPolarity = "good" | "neutral" | "bad";

export type Precision = "ms" | "sec" | "min" | "day" | "month" | "unknown";

export type PreviewRow = {
	row: number;
	postedAt: string | null;
	precision: Precision | null;
	stars: number | null;
	polarity: PlatformPolarity | null;
	body: string;
	orderId: string | null;
	product: string | null;
	author: string | null;
	shop: string | null;
	hasReply: boolean;
	append: boolean;
};

export type RejectView = {
	row: number;
	code: string;
	text: string;
};

export type ReplyInput = {
	ticket: TicketRef;
	body: string;
	at: string | null;
};

export type ReviewPage = {
	rows: ReviewView[];
	next: string | null;
	total: number;
};

export type ReviewQuery = {
	search?: string;
	withoutTicket?: boolean;
	channels?: Channel[];
	sentiments?: Sentiment[];
	cursor?: string | null;
	limit: number;
};

export type ReviewVersionView = {
	at: string;
	stars: number | null;
	body: string;
};

export type ReviewView = {
	id: string;
	ticketId: string | null;
	channel: Channel;
	shop: string | null;
	stars: number | null;
	ratingRaw: string | null;
	polarity: PlatformPolarity | null;
	title: string | null;
	body: string;
	marks: MarkView[];
	hasText: boolean;
	author: string | null;
	orderId: string | null;
	product: string | null;
	variant: string | null;
	postedAt: string | null;
	postedPrecision: Precision | null;
	receivedAt: string;
	url: string | null;
	merchantReply: string | null;
	sentiment: Sentiment;
	versions: ReviewVersionView[];
	appends: ReviewVersionView[];
};

export type Risk = "health" | "injury" | "legal" | "media" | "fraud" | "privacy" | "abuse" | "extortion";

export type RiskView = {
	risk: Risk;
	probability: number | null;
	by: Voice;
	words: string[];
};

export type Role = "agent" | "supervisor" | "manager" | "quality" | "admin";

export type RowClock = {
	metric: string;
	dueAt: string;
	state: ClockState;
	slaState: SlaState;
	amberAt: string | null;
	redAt: string | null;
	remainingSecs: number;
};

export type SavedFile = {
	name: string;
	rows: number;
};

export type Scale = "stars5" | "stars10" | "stars50" | "score500" | "percent" | "polarity3" | "polarity2" | "none";

export type Sentiment = "neg" | "mixed" | "pos";

export type Severity = "none" | "minor" | "moderate" | "severe";

export type SitDown = {
	id: string | null;
	name: string | null;
	role: Role | null;
};

export type SlaState = "calm" | "warning" | "critical" | "overdue" | "paused" | "done";

export type StatusInput = {
	ticket: TicketRef;
	status: TicketStatus;
	reason: string | null;
};

export type Tag = "workspace" | "inbox" | "ticket" | "reviews" | "batches" | "alerts" | "backups";

export type TextInput = {
	ticket: TicketRef;
	body: string;
};

export type TicketRef = {
	id: string;
	version: number;
};

export type TicketStatus = "received" | "verifying" | "planning" | "communicating" | "waiting_customer" | "resolved" | "closed" | "following_up" | "done" | "disputed" | "dismissed";

export type TicketView = {
	id: string;
	number: string;
	version: number;
	status: TicketStatus;
	tier: TierView;
	review: ReviewView;
	assessment: AssessmentView;
	clocks: ClockView[];
	activities: ActivityView[];
	draft: string;
	draftAt: string | null;
	owner: PersonView | null;
	actions: Action[];
	undo: UndoView | null;
	customerReviews: number;
	customerNegative: number;
	sample: boolean;
	nextStatuses: TicketStatus[];
	nextStep: string;
};

export type Tier = "general" | "important" | "urgent";

export type TierView = {
	tier: Tier;
	rule: string;
	steps: string[];
	byPerson: string | null;
	tellManager: boolean;
	replyNeedsApproval: boolean;
};

export type UndoInput = {
	ticketId: string;
	activityId: string;
};

export type UndoView = {
	activityId: string;
	kind: string;
	until: string;
};

export type View = "mine" | "urgent" | "due_1h" | "overdue" | "waiting" | "unassigned" | "low_confidence" | "open" | "all";

export type Voice = "model" | "rule" | "both" | "personal" | "person";

export type WhyView = {
	from: string;
	to: string;
	counted: boolean;
	reason: string;
};

export type WorkspaceUpdate = {
	locale?: Locale | null;
	industry?: Industry | null;
	calendar?: CalendarChoice | null;
	openNeutral?: boolean | null;
	welcomed?: boolean | null;
	closeExplained?: boolean | null;
	notificationSeen?: boolean | null;
};

export type WorkspaceView = {
	welcomed: boolean;
	locale: Locale;
	industry: Industry;
	calendar: CalendarChoice;
	zone: string;
	openNeutral: boolean;
	people: PersonView[];
	actor: PersonView | null;
	hasSample: boolean;
	isEmpty: boolean;
	notifications: NotificationHealth;
	hasTray: boolean;
	closeExplained: boolean;
	dataFolder: string;
	version: string;
	modelVersion: string;
	now: string;
};

/* Tauri Specta runtime */
async function typedError<T, E>(result: Promise<T>): Promise<{ status: "ok"; data: T } | { status: "error"; error: E }> {
    try {
        return { status: "ok", data: await result };
    } catch (e) {
        if (e instanceof Error) throw e;
        return { status: "error", error: e as any };
    }
}

type EventEmit<T> = [T] extends [null] ? () => Promise<void> : (payload: T) => Promise<void>;

function makeEvent<TListen, TEmit = TListen>(name: string) {
    return {
        listen: (cb: __TAURI_EVENT.EventCallback<TListen>) => __TAURI_EVENT.listen(name, cb),
        once: (cb: __TAURI_EVENT.EventCallback<TListen>) => __TAURI_EVENT.once(name, cb),
        emit: ((payload: TEmit) => __TAURI_EVENT.emit(name, payload) as unknown) as EventEmit<TEmit>,
    };
}
