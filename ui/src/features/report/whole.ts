import type {
  Cell,
  Chart,
  Column,
  CutChoices,
  Document,
  Headline,
  ImprovementView,
  ReportCut,
  ReportQuery,
  ReportView,
  Row,
  Section,
  Share,
  Span,
  TicketSetPage,
} from '@/ipc/bindings'

/**
 * What the core sent, with every field there. It may leave fields of its own input out, so the bindings call them
 * optional; what it sends holds all of them.
 */
export type Whole<T> = T extends (infer One)[]
  ? Whole<One>[]
  : T extends object
    ? { [Name in keyof T]-?: Whole<Exclude<T[Name], undefined>> }
    : T

export type Cut = Whole<ReportCut>
export type Query = Whole<ReportQuery>
export type Report = Whole<ReportView>
export type Doc = Whole<Document>
export type DocSection = Whole<Section>
export type DocRow = Whole<Row>
export type DocCell = Whole<Cell>
export type DocColumn = Whole<Column>
export type DocChart = Whole<Chart>
export type DocHeadline = Whole<Headline>
export type DocShare = Whole<Share>
export type DocSpan = Whole<Span>
export type Choices = Whole<CutChoices>
export type Improvement = Whole<ImprovementView>
export type SetPage = Whole<TicketSetPage>

export const whole = <T>(sent: T) => sent as Whole<T>
