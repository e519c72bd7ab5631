/** The words of mining, and of trying it by hand; see strings.ts. */
import { count } from '../../format.ts'
import { plural } from '../../plural.ts'
import type { miningText as english } from '../english/mining.ts'

const tries = (number: number): string => plural(number, 'Versuch', 'Versuche')
/** After a preposition that asks for the dative. */
const triesDative = (number: number): string => plural(number, 'Versuch', 'Versuchen')
const hashes = (number: number): string => plural(number, 'Hash', 'Hashes')
const ofLast = (blocks: number): string => (blocks === 1 ? 'dem letzten Block' : `den letzten ${count(blocks)} Blöcken`)

export const miningText: typeof english = {
  mining: {
    heading: 'Mining',
    one: 'Einen Block schürfen',
    cancel: 'Aufhören',
    found: (height: number): string => `Block ${count(height)} geschürft.`,
    cancelled: 'Aufgehört, bevor ein Block gefunden war.',
    continuous: 'Fortlaufend schürfen',
    threads: 'Threads',
    cpu: 'CPU-Anteil',
    percent: (share: number): string => `${share}\u00a0%`,
    progress: (rate: string, expected: string): string => `${rate}, etwa alle ${expected} ein Block`,
    starting: 'beginnt\u00a0…',
    waiting: 'wartet, bis dieser Knoten seine Peers eingeholt hat',
    needsToken: 'Um mit diesem Knoten zu schürfen, die Adresse öffnen, die `cairn start` ausgegeben hat: Sie enthält das Token des ' +
      'Knotens. Oder `cairn mine` ausführen. Es von Hand auszuprobieren, unten, braucht kein Token.',
    fields: {
      pays: { term: 'Zahlt an', note: 'Das Konto, das für jeden Block dieses Knotens bezahlt wird: mit den neuen Münzen und den Gebühren.' },
      own: { term: 'Dieser Knoten', note: 'Hashes, die er je Sekunde probiert, alle Threads zusammen.' },
      network: { term: 'Netz', note: 'Geschätzt aus der Arbeit der letzten Blöcke und der Zeit, die sie gebraucht haben: alle, die schürfen.' },
      ownTime: {
        term: 'Sein nächster Block',
        note: 'Wie lange dieser Knoten bei seiner jetzigen Hashrate im Mittel für einen Block braucht. Jeder Versuch ist ein neuer Wurf: Gewartet zu haben, bringt ihn nicht näher.',
      },
      networkTime: { term: 'Nächster Block im Netz', note: 'Dasselbe für alle zusammen: die Schwierigkeit geteilt durch die Hashrate des Netzes.' },
    },
    notMining: 'schürft nicht',
    about: (duration: string): string => `im Mittel in etwa ${duration}`,
    ofNetwork: (percent: string): string => `${percent}\u00a0% von der des Netzes`,
    notMiningTime: 'nie, solange er nicht schürft',
    unknown: 'noch nicht bekannt',
    rate: 'Hashrate dieses Knotens',
    rateSpan: (duration: string): string => `die letzten ${duration}`,
    rateLabel: (duration: string, highest: string, now: string): string =>
      `Hashrate dieses Knotens, die letzten ${duration}: höchstens ${highest}, jetzt ${now}`,
    rateEmpty: 'Hier wird Sekunde für Sekunde die Hashrate gezeichnet, während dieser Knoten schürft und diese Seite offen ist.',
    ago: (duration: string): string => `vor ${duration}`,
    mined: 'Vor Kurzem hier geschürft',
    minedNone: (blocks: number): string =>
      blocks === 0 ? 'Noch kein Block, von niemandem: Der erste kann der eigene sein.' : `Von ${ofLast(blocks)} ist keiner von diesem Knoten.`,
    minedSome: (own: number, all: number): string => `${count(own)} von ${ofLast(all)}`,
    next: 'Der nächste Block',
    nextFields: {
      height: { term: 'Höhe', note: 'Eins mehr als die der Spitze.' },
      transactions: { term: 'Transaktionen', note: 'Was dieser Knoten hineinnähme: von allem, was wartet, das, was für seinen Platz am meisten zahlt.' },
      fees: { term: 'Gebühren', note: 'Was diese Transaktionen dem zahlen, der den Block schürft.' },
      coins: { term: 'Neue Münzen', note: 'Was die Regeln dem ausgeben, der den Block schürft; von Zeit zu Zeit halbiert es sich.' },
      difficulty: { term: 'Aufwand', note: 'Hashes, die man im Mittel probiert, bis einer klein genug ist.' },
    },
  },

  trying: {
    heading: 'Selbst ausprobieren',
    steps: [
      '„Nächste Nonce“ drücken und zusehen: Eine Zahl wächst um eins, und der ganze Hash ist ein anderer.',
      '100\u202f000 probieren. Jedes weitere Nullbit ist halb so wahrscheinlich, also sinken die Balken wie eine Treppe; klein genug ist ein Hash dort, wo sie das Ziel erreichen.',
      'Einen gefunden? Dann einreichen: Er ist der nächste Block dieser Kette, von Hand geschürft.',
      'Dann schummeln. Eine Zahlung erhöhen, die Zeit zurückdrehen, weniger Arbeit verlangen: Die Regeln unten sagen, was es verrät.',
    ],
    choose: 'Welcher Block',
    next: 'Der nächste',
    tip: (height: number): string => `Die Spitze, ${count(height)}`,
    other: 'Ein anderer',
    otherHint: 'Höhe oder Hash',
    open: 'Öffnen',
    link: 'Von Hand ändern',
    isNext: (height: number): string => `Block ${count(height)}, wie ihn dieser Knoten jetzt schürfen würde: alles bis auf die Nonce.`,
    isOld: (height: number): string => `Block ${count(height)}, wie ihn der Knoten hat. Was geändert wird, bleibt in dieser Seite.`,
    genesis: 'Genesis ist, was die Parameter des Netzes sagen: Niemand hat ihn geschürft, und keine Regel verlangt Arbeit. Bitte einen anderen Block wählen.',
    stale: (height: number): string =>
      `Inzwischen ist Block ${count(height)} da, der hier bearbeitete läge also neben der Kette. Jetzt fängt jeder Miner neu an.`,
    renew: 'Den nächsten nehmen',
    again: 'Noch einmal fragen',
    reset: 'Alles zurücksetzen',

    before: 'vorher',
    noHash: 'Kein Hash: In einem Feld steht etwas, das ein Kopf nicht fassen kann.',
    noTarget: 'Kein Ziel, an dem sich der Hash messen lässt: Die Bits stehen für keines.',
    small: 'Klein genug: Dieser Hash ist nicht größer als das Ziel.',
    large: (zeros: number, expected: string): string =>
      `Zu groß. Er beginnt mit ${plural(zeros, 'Null', 'Nullen')}; ein Hash unter dem Ziel erfordert im Mittel ${expected}.`,
    zerosLabel: (hash: string, target: string, number: number): string =>
      `Nullbits am Anfang: Dieser Hash hat ${hash}, das Ziel verlangt ${target}. Bisher ${tries(number)}.`,
    zerosAxis: 'Nullen am Anfang',
    zerosBar: (bits: number, number: number): string => `${plural(bits, 'Nullbit', 'Nullbits')}: ${hashes(number)}`,
    enough: 'klein genug',
    thisHash: 'dieser Hash',

    nextNonce: 'Nächste Nonce',
    try: (nonces: number): string => `${count(nonces)} probieren`,
    untilFound: 'Bis eine passt',
    stop: 'Anhalten',
    tries,
    best: 'der kleinste bisher:',
    atNonce: (nonce: number): string => `Nonce ${count(nonce)}`,
    expected: (expected: string): string => `Ein Block erfordert im Mittel ${expected}.`,
    chance: (percent: string, expected: string): string =>
      `Ein Block erfordert im Mittel ${expected}; nach so vielen Versuchen haben ${percent}\u00a0% aller Suchen einen gefunden.`,
    found: (nonce: number, number: number): string => `Nonce ${count(nonce)} passt, nach ${triesDative(number)}.`,
    notFound: (number: number): string => `Von ${plural(number, 'Nonce', 'Nonces')} war keine klein genug.`,
    stopped: 'Angehalten.',

    header: 'Der Kopf',
    was: (value: string): string => `war ${value}`,
    putBack: 'zurücksetzen',
    fields: {
      version: { label: 'Version', hint: 'der Regeln: immer 1' },
      height: { label: 'Höhe', hint: 'eins mehr als die des Vorgängers' },
      parent: { label: 'Vorgänger', hint: 'Hash des Blocks davor' },
      bodyRoot: { label: 'Rumpfwurzel', hint: 'ein Hash für Miner und Transaktionen' },
      timestamp: { label: 'Zeit', hint: 'Millisekunden seit 1970' },
      bits: { label: 'Bits', hint: 'das Ziel in Kurzform' },
      nonce: { label: 'Nonce', hint: 'was ein Miner verändert' },
    },
    problems: {
      number: `Eine ganze Zahl von 0 bis ${count(Number.MAX_SAFE_INTEGER)}.`,
      'small-number': `Höchstens ${count(2 ** 32 - 1)}: Sie hat vier Bytes.`,
      hash: '64 Hexziffern: 0 bis 9 und a bis f.',
      bits: 'Bis zu 8 Hexziffern: 0 bis 9 und a bis f.',
    },
    bytes: 'Was gehasht wird',
    bytesNote: 'Die 92 Bytes des Kopfs, je zwei Hexziffern; bei Zahlen steht das niedrigste Byte zuerst. Was geändert ist, ist markiert.',
    noBytes: 'Keine Bytes: In einem Feld steht etwas, das ein Kopf nicht fassen kann.',

    body: 'Woraus die Rumpfwurzel entsteht',
    miner: 'Miner',
    minerWrong: 'Ein Konto: cairn1…, 64 Zeichen, die letzten davon eine Prüfsumme.',
    amountOf: (from: string, to: string): string => `Betrag, ${from} an ${to}`,
    fee: (fee: number): string => `Gebühr ${count(fee)}`,
    amountWas: (amount: number): string => `signiert: ${count(amount)}`,
    amountWrong: 'keine ganze Zahl',
    noTransactions: 'Keine Transaktion steht darin, also entsteht sie aus dem Miner allein: Man versuche, die Belohnung selbst zu ' +
      'nehmen. Um eine Zahlung zu ändern, erst eine senden oder einen Block öffnen, der eine enthält.',
    root: 'Ihre Wurzel',
    rootFits: 'ist die im Kopf',
    rootDiffers: 'ist nicht die im Kopf',
    takeRoot: 'In den Kopf schreiben',

    rules: 'Die Regeln in der Reihenfolge, in der ein Knoten sie prüft',
    verdict: {
      good: 'Er bricht keine Regel.',
      kept: 'Er bricht keine Regel: Der Knoten hat ihn.',
      asking: 'Sein Vorgänger wird gesucht\u00a0…',
      bad: (code: string): string => `Ein Knoten weist ihn ab: \`${code}\``,
      early: (code: string): string => `Ein Knoten hält ihn noch zurück: \`${code}\``,
      more: (rules: number): string =>
        `Wäre das behoben, ${rules === 1 ? 'bliebe noch eine Regel gebrochen' : `blieben noch ${count(rules)} Regeln gebrochen`}.`,
    },
    asks: {
      'block-bad-encoding': 'Jedes Feld passt in seine Bytes.',
      'block-bad-version': 'Die Version ist 1.',
      'block-malformed-bits': 'Die Bits sind ein Ziel.',
      'block-target-above-limit': 'Das Ziel ist nicht leichter, als dieses Netz erlaubt.',
      'block-bad-pow': 'Der Hash ist nicht größer als das Ziel.',
      'block-bad-body-root': 'Die Rumpfwurzel ist die von Miner und Transaktionen.',
      'transaction-amount-overflow': 'Betrag und Gebühr passen zusammen in ihre Bytes.',
      'transaction-bad-signature': 'Jeder Absender hat genau diese Zahlung signiert.',
      'block-unknown-parent': 'Der Vorgänger ist ein bekannter Block.',
      'block-bad-height': 'Die Höhe ist eins mehr als die des Vorgängers.',
      'block-time-too-old': 'Die Zeit ist später als die des Vorgängers.',
      'block-bad-bits': 'Die Bits ergeben sich aus der Regel der Schwierigkeit.',
      'block-too-early': 'Die Zeit ist der Uhr nicht zu weit voraus.',
    },
    fails: {
      'block-bad-encoding': 'Hier steht etwas, das sein Feld nicht fassen kann.',
      'block-bad-version': 'Regeln dieser Version gibt es noch nicht.',
      'block-malformed-bits': 'Sie stehen für nichts, für zu viel oder für eine Zahl, die eine kürzere Form hat.',
      'block-target-above-limit': (limit: string): string => `Das leichteste Ziel dieses Netzes ist ${limit}.`,
      'block-bad-pow': 'Für diese Bytes hat niemand Arbeit geleistet: Wer sie ändert, braucht eine andere Nonce.',
      'block-bad-body-root': (root: string): string => `Miner und Transaktionen, wie sie jetzt sind, haben die Wurzel ${root}.`,
      'transaction-amount-overflow': 'Mehr, als es je geben kann.',
      'transaction-bad-signature': 'Nur der Schlüssel des Absenders kann einen anderen Betrag signieren, und der ist hier nicht.',
      'block-unknown-parent': 'Diesen Block kennt der Knoten nicht. Er würde warten und seine Peers danach fragen.',
      'block-bad-height': (height: string): string => `Die des Vorgängers ist ${height}.`,
      'block-time-too-old': (time: string): string => `Die des Vorgängers ist ${time}: In einer Kette geht die Zeit voran.`,
      'block-bad-bits': (bits: string): string => `Sie müssen ${bits} sein: Wie viel Arbeit genügt, sucht sich niemand aus.`,
      'block-too-early': (ahead: string): string => `Sie ist ${ahead} voraus: Ein Knoten versucht ihn wieder, wenn seine Zeit gekommen ist.`,
    },
    ledger: 'Dass niemand ausgibt, was er nicht hat: Nur der Knoten kennt alle Kontostände und prüft das, wenn der Block eingereicht wird.',

    handIn: 'Einreichen',
    handInAll: 'Trotzdem einreichen',
    handing: 'Wird eingereicht\u00a0…',
    done: (height: number): string => `Block ${count(height)}, von Hand geschürft.`,
    doneMore: 'Er steht in der Kette, und dieser Knoten sagt es seinen Peers.',
    look: 'Ansehen',
    pays: (amount: number, who: string): string => `Er zahlt ${count(amount)} an ${who}.`,
    refused: (message: string, code: string | undefined): string =>
      code === undefined ? `Der Knoten meldet: ${message}` : `Der Knoten meldet \`${code}\`: ${message}`,
    notReady: 'Er bricht eine Regel. Trotzdem einreichen, und sehen, was der Knoten dazu sagt.',
    unencoded: 'Er kann nicht eingereicht werden: Er hat keine Bytes.',
  },
}
