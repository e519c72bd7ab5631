/** Columns that several tables have. */
import type { ApiTransaction } from '../http/api.ts'
import { formatCount } from './format.ts'
import type { Column } from './output.ts'

/** A transaction by itself: whose, to whom, how much. */
export const TRANSACTION_COLUMNS: Column<ApiTransaction>[] = [
  { title: 'id', value: ({ id }) => id, cut: { where: 'middle', least: 13 } },
  { title: 'from', value: ({ sender }) => sender, cut: { where: 'middle', least: 15 }, spare: 1 },
  { title: 'to', value: ({ recipient }) => recipient, cut: { where: 'middle', least: 15 } },
  {
    title: 'amount',
    value: ({ amount }) => formatCount(amount),
    align: 'right',
    paint: (text, _transaction, paint) => paint('bold', text),
  },
  { title: 'fee', value: ({ fee }) => formatCount(fee), align: 'right' },
]
