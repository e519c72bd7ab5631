/**
 * The words of the views of one thing: a block, a transaction, an account, the network; see strings.ts. A field has
 * a term and a note, which says what it means.
 */
import { count } from '../../format.ts'
import { plural } from '../../plural.ts'
import type { viewText as english } from '../english/views.ts'

export const viewText: typeof english = {
  views: {
    label: 'Ansichten',
    overview: 'Übersicht',
    network: 'Netz',
    wallet: 'Wallet',
    mining: 'Mining',
    wall: 'Leinwand',
    charts: 'Diagramme',
    block: 'Block',
    transaction: 'Transaktion',
    account: 'Konto',
    search: 'Suche',
    titleOfOne: (view: string, which: string): string => `${view} ${which}`,
    loading: 'Wird gelesen\u00a0…',
    failed: (message: string): string => `Der Knoten meldet: ${message}`,
    json: 'JSON, wie es der Knoten liefert',
    historyJson: 'Der Verlauf als JSON',
    copy: 'Kopieren',
    copied: 'Kopiert',
  },

  search: {
    label: 'Suche',
    hint: 'Höhe, Hash, ID, Konto oder Name',
    searching: (what: string): string => `${what} wird gesucht\u00a0…`,
    heading: (what: string): string => `Nichts gefunden zu „${what}“`,
    noHash: 'Das sieht aus wie ein Hash, aber dieser Knoten kennt dazu weder Block noch Transaktion, nicht in der Kette und ' +
      'nicht unter den wartenden.',
    noHeight: (height: number): string => `Die Kette endet mit Block ${count(height)}.`,
    unknown: 'Das ist nichts von dem, wonach man suchen kann:',
    kinds: [
      'eine Höhe, etwa `42`',
      'der Hash eines Blocks oder die ID einer Transaktion: 64 Hexziffern',
      'mindestens die ersten vier Ziffern nach den Nullen, von einem Block, den die Seite zeigt',
      'ein Konto: `cairn1…`, 64 Zeichen',
      'der Name eines Knotens, der ein Peer ist oder vor Kurzem einen Block gefunden hat',
    ],
  },

  block: {
    heading: (height: number): string => (height === 0 ? 'Genesis' : `Block ${count(height)}`),
    confirmations: (blocks: number): string =>
      blocks === 1 ? 'die Spitze der Kette' : `darauf ${plural(blocks - 1, 'weiterer Block', 'weitere Blöcke')}`,
    side: 'neben der Kette: In einem anderen Zweig steckt mehr Arbeit',
    older: '← Älter',
    newer: 'Neuer →',
    hash: 'Hash',
    target: 'Ziel',
    below: (times: string, zeros: number, difficulty: string): string =>
      'Der Hash, als Zahl gelesen, darf nicht größer sein als das Ziel. ' +
      `Hier ist das Ziel ${times}-mal so groß wie der Hash, der mit ${plural(zeros, 'Null', 'Nullen')} beginnt. ` +
      `Einen solchen Hash zu finden, erfordert im Mittel ${difficulty}.`,
    noWork: 'Für Genesis wird keine Arbeit verlangt: Dieser Block folgt aus den Parametern und ist für alle gleich.',
    fields: {
      miner: { term: 'Miner', note: 'Wer die Nonce gefunden hat; bekommt dafür die neuen Münzen und die Gebühren.' },
      time: { term: 'Zeit', note: 'Wann der Block nach Angabe des Miners gefunden wurde: später als sein Vorgänger und den Uhren nicht weit voraus.' },
      parent: {
        term: 'Vorgänger',
        note: 'Der Hash des Blocks davor. Er macht aus Blöcken eine Kette: Ändert sich einer, so ändern sich alle nach ihm.',
      },
      difficulty: {
        term: 'Schwierigkeit',
        note: 'Wie viele Hashes ein Miner im Mittel versucht, bis einer nicht größer ist als das Ziel.',
      },
      nonce: { term: 'Nonce', note: 'Die Zahl, die der Miner verändert hat, bis der Hash klein genug war.' },
      bits: { term: 'Bits', note: 'Das Ziel in Kurzform: seine Länge in Bytes, dann die ersten drei davon. Jeder Block stellt es neu ein, damit das Tempo stimmt.' },
      bodyRoot: {
        term: 'Rumpfwurzel',
        note: 'Ein Hash für Miner und alle Transaktionen: eine Merkle-Wurzel. Durch sie hängt der Hash des Blocks auch von seinem Rumpf ab.',
      },
      work: {
        term: 'Gesamtarbeit',
        note: 'Hashes, die für die ganze Kette bis zu diesem Block zu erwarten waren. Von zwei Zweigen gilt der mit mehr.',
      },
      size: { term: 'Größe', note: 'Kopf, Miner und Transaktionen, codiert.' },
      fees: { term: 'Gebühren', note: 'Was seine Transaktionen dem Miner zusammen zahlen.' },
      version: { term: 'Version', note: 'Der Regeln, nach denen der Block gebildet ist.' },
    },
    bytes: (bytes: number): string => plural(bytes, 'Byte', 'Bytes'),
    expected: (difficulty: string): string => `im Mittel ${difficulty}`,
    hex: (digits: string): string => `0x${digits}`,
    noTransactions: 'Keine Transaktionen: Dieser Block bezahlt nur seinen Miner.',
    genesisTransactions: 'Keine Transaktionen: Mit Genesis beginnt die Kette.',
  },

  transaction: {
    heading: (from: string, to: string, amount: number): string => `${from} → ${to}: ${count(amount)}`,
    expectedIn: (duration: string): string => `wartet: nach jetzigem Stand in etwa ${duration} in einem Block`,
    waits: 'wartet auf eine andere Transaktion des Absenders, deren Nonce zuerst kommt',
    confirmed: (height: number, blocks: number): string =>
      `in Block ${count(height)}, ${plural(blocks, 'Bestätigung', 'Bestätigungen')}`,
    fields: {
      id: { term: 'ID', note: 'Der Hash der ganzen Transaktion: der Name, unter dem sie bekannt ist.' },
      from: { term: 'Von', note: 'Wer zahlt. Mit dem Schlüssel dieses Kontos ist sie signiert.' },
      to: { term: 'An', note: 'Wer bezahlt wird.' },
      amount: { term: 'Betrag', note: 'Ganze Einheiten, die von einem Konto zum anderen gehen.' },
      fee: { term: 'Gebühr', note: 'Was der Absender zusätzlich dem Miner zahlt. Wer mehr zahlt, kommt früher in einen Block.' },
      nonce: {
        term: 'Nonce',
        note: 'Wie viele Transaktionen der Absender vorher gesendet hat: So bleibt die Reihenfolge, und keine gilt zweimal.',
      },
      memo: { term: 'Notiz', note: 'Worte des Absenders, für alle lesbar.' },
      block: { term: 'Block', note: 'Der Block, der sie enthält, und ihr Platz darin.' },
      confirmations: { term: 'Bestätigungen', note: 'Blöcke von ihrem eigenen bis zur Spitze. Je mehr, desto schwerer rückgängig zu machen.' },
      signature: {
        term: 'Signatur',
        note: 'Mit dem Schlüssel des Absenders über alles oben und den Genesis-Hash gebildet, also nur für dieses Netz gültig (Ed25519).',
      },
    },
    place: (position: number): string => `Transaktion ${count(position + 1)}`,
    noMemo: 'keine',
    path: 'Ihr Weg in den Block',
    pathNote: 'Jeder Punkt ist der Hash der beiden unter ihm. Die Rumpfwurzel im Kopf lässt sich also aus dieser ID und den Hashes ' +
      'neben ihrem Weg berechnen, ohne jede andere Transaktion. Das beweist, dass sie im Block steht.',
    pathLabel: (steps: number): string =>
      `Merkle-Pfad: ${plural(steps, 'Schritt', 'Schritte')} von der ID der Transaktion zur Rumpfwurzel`,
    thisId: 'diese Transaktion',
    root: 'Rumpfwurzel, im Kopf',
    zeros: (levels: number): string => (levels === 1 ? 'nichts' : `nichts, ${count(levels)}-mal`),
    countLeaf: 'wie viele',
    minerLeaf: 'Miner',
    holds: {
      id: 'Der Hash der Bytes der Transaktion ist ihre ID.',
      root: 'Der Weg führt zur Rumpfwurzel im Kopf.',
      hash: 'Der Hash des Kopfs ist der Hash des Blocks.',
    },
    checkedHere: 'Das hat diese Seite selbst nachgerechnet.',
    wrong: 'Das stimmt nicht.',
    elsewhere: (id: string): string =>
      `Ohne diesen Knoten prüfen: \`cairn proof ${id} --output proof.json\`, dann \`cairn proof --check proof.json\``,
  },

  account: {
    own: 'das Konto dieses Knotens',
    inWallet: 'ein Konto aus der Wallet dieses Knotens',
    fields: {
      account: {
        term: 'Konto',
        note: 'Ein öffentlicher Schlüssel als Text mit Prüfsumme. Wer den privaten Schlüssel dazu hat, kann von hier zahlen.',
      },
      balance: { term: 'Kontostand', note: 'Nach den Blöcken der Kette.' },
      spendable: { term: 'Verfügbar', note: 'Der Kontostand ohne das, was wartende Transaktionen davon nehmen.' },
      pending: { term: 'Wartend', note: 'Was Transaktionen ändern werden, die auf einen Block warten.' },
      nonce: { term: 'Nonce', note: 'Gesendete Transaktionen, die in der Kette stehen: die Nummer der nächsten.' },
    },
    qr: 'QR-Code des Kontos',
    history: 'Verlauf',
    empty: 'Noch hat keine Transaktion dieses Konto berührt. Um darauf zu zahlen: das Konto kopieren oder den Code scannen, dann senden.',
    to: (who: string): string => `an ${who}`,
    from: (who: string): string => `von ${who}`,
    itself: 'an sich selbst',
    waits: 'wartet',
    fee: (fee: number): string => `Gebühr ${count(fee)}`,
    mined: 'dazwischen geschürft',
    minedSince: 'seither geschürft',
    minedBefore: 'vorher geschürft oder von Genesis zugeteilt',
    columns: ['Wann', 'Was', 'Änderung', 'Stand'],
  },

  network: {
    heading: 'Netz',
    alone: 'Dieser Knoten ist noch allein.',
    looking: 'Woran liegt das? Das Nachsehen dauert ein bis zwei Sekunden\u00a0…',
    found: 'Was der Knoten gefunden hat und was zu tun ist, auf Englisch:',
    again: 'Noch einmal nachsehen',
    graph: (peers: number): string => `In der Mitte dieser Knoten, um ihn herum ${plural(peers, 'Peer', 'Peers')}`,
    thisNode: 'dieser Knoten',
    peers: 'Peers',
    banned: 'Abgewiesen, weil sie Regeln gebrochen haben',
    bannedLine: (code: string, until: string): string => `${code}, bis ${until}`,
    standing: {
      same: 'gleiche Spitze',
      behind: 'liegt zurück',
      ahead: 'liegt vorn',
      other: 'auf anderem Zweig',
      unknown: 'noch unbekannt',
    },
    columns: {
      name: { term: 'Name', note: 'Wie der Knoten sich nennt; das prüft niemand.' },
      height: { term: 'Höhe', note: 'Die seines besten Blocks, nach seiner letzten Meldung.' },
      latency: { term: 'Latenz', note: 'Wie lange eine kurze Frage hin und zurück braucht.' },
      direction: { term: 'Richtung', note: 'Ausgehend: Dieser Knoten hat die Verbindung aufgebaut. Eingehend: der andere.' },
      score: { term: 'Wertung', note: '0 ist neutral. Darunter hat er gesendet, was er nicht sollte; weit darunter wird er abgewiesen.' },
      since: { term: 'Verbunden', note: 'Wie lange die Verbindung schon besteht.' },
    },
    direction: { outbound: 'ausgehend', inbound: 'eingehend' },
    add: 'Einen Peer hinzufügen',
    address: 'Seine Adresse',
    addressHint: '/ip4/192.168.1.20/tcp/5051',
    addressWrong: 'Eine Adresse sieht so aus: /ip4/192.168.1.20/tcp/5051. Der andere Rechner zeigt seine auf der Seite und bei `cairn start`.',
    connect: 'Verbinden',
    connecting: 'Wird verbunden\u00a0…',
    connected: (who: string): string => `Verbunden mit ${who}.`,
    needsToken: 'Um hier einen hinzuzufügen, die Adresse öffnen, die `cairn start` ausgegeben hat. Oder den Knoten mit ' +
      '`--peer ADDRESS` starten.',
    join: 'Einen weiteren Rechner dazuholen',
    joinNote: 'Auf einem anderen Rechner in diesem LAN ausführen:',
    joinFile: (name: string): string =>
      'Dieses Netz hat eigene Parameter, sein Name allein genügt also nicht. Sie auf dem anderen Rechner ' +
      `als \`${name}.json\` speichern und dann ausführen:`,
    parameters: 'Seine Parameter',
    joinKey: (fingerprint: string): string =>
      `Dieses Netz ist privat: Der andere Rechner braucht auch seinen Schlüssel, die Datei mit dem Fingerabdruck \`${fingerprint}\`.`,
    joinLocal: 'Dieser Knoten ist nur auf diesem Rechner erreichbar: Er muss ohne `--listen` gestartet werden oder mit einer Adresse im LAN.',
    qr: 'QR-Code dieser Zeile',
  },
}
