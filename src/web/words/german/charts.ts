/** The words of the charts; see strings.ts. A chart has a term and a note, which says what it means. */
import { count } from '../../format.ts'
import { plural } from '../../plural.ts'
import type { chartText as english } from '../english/charts.ts'

export const chartText: typeof english = {
  charts: {
    heading: 'Diagramme',
    says: (blocks: number, from: string, to: string): string => `${plural(blocks, 'Block', 'Blöcke')}, ${from} bis ${to}`,
    ofBlocks: (window: number): string =>
      window === 1 ? 'Jeder Punkt ist ein Block.' : `Jeder Punkt ist ein Block; die Linie folgt den ${count(window)} Blöcken ringsum.`,
    ofGroups: (step: number, window: number): string =>
      `Jeder Punkt steht für ${plural(step, 'Block', 'Blöcke')}; das helle Band reicht vom kleinsten bis zum größten Wert darin` +
      (window === 1 ? '.' : `, die Linie folgt den ${count(window)} Punkten ringsum.`),
    range: 'Gezeigte Zeit',
    ranges: { hour: 'Letzte Stunde', day: 'Letzter Tag', all: 'Alles' },
    zoom: 'Vergrößerung',
    zoomIn: 'Vergrößern',
    zoomOut: 'Verkleinern',
    keys: 'Über ein Diagramm ziehen vergrößert, ein Doppelklick zeigt wieder alles. Mit der Tastatur, auf einem Diagramm: ' +
      '+ und − vergrößern und verkleinern, die Pfeile führen von Punkt zu Punkt und mit der Umschalttaste durch die Zeit, die ' +
      'Eingabetaste öffnet den Block, Escape zeigt wieder alles.',
    role: 'Diagramm',
    latest: 'zuletzt',
    target: (target: string): string => `Ziel ${target}`,
    tooFew: 'Diagramme beginnen mit dem zweiten Block: Vorher liegt zwischen keinen zweien Zeit. Welche schürfen kann man hier ' +
      'auf der Übersicht oder mit `cairn mine 5`.',
    toOverview: 'Zur Übersicht',
    noneInRange: (ago: string): string => `Kein Block in dieser Zeit. Der neueste ist ${ago} alt: eine längere Zeit wählen.`,
    noArrivals: 'Keiner der gezeigten Blöcke kam von einem anderen Knoten, während dieser lief. Sobald ein Peer schürft, kommen ' +
      'welche: siehe Netz.',
    table: 'Als Tabelle',
    blockAt: (height: number, time: string): string => `Block ${count(height)}, ${time}: `,
    groupAt: (first: number, last: number, time: string): string => `Blöcke ${count(first)} bis ${count(last)}, ${time}: `,
    unknown: 'nicht bekannt',
    spread: (median: string, least: string, most: string): string => `${median} (${least} bis ${most})`,
    summary: (median: string, least: string, most: string): string => `Median ${median}, von ${least} bis ${most}`,
    throughout: (value: string): string => `durchweg ${value}`,
    mean: (mean: string): string => `Mittelwert ${mean}`,
    overall: (mean: string): string => `${mean} über alles`,
    total: (total: number): string => `${count(total)} insgesamt`,
    columns: { blocks: 'Block', time: 'Zeit', value: 'Wert', least: 'Kleinster', most: 'Größter', line: 'Linie' },
    blocks: (first: number, last: number): string => (first === last ? count(last) : `${count(first)}–${count(last)}`),

    interval: {
      term: 'Blockabstand',
      note: 'Zeit von einem Block zum nächsten, nach ihren Köpfen. Einen Block zu finden ist Glück: Die meisten kommen früh, ' +
        'manche spät. Wo also der Mittelwert das Ziel trifft, ist der Median das 0,69-Fache davon. Die Linie ist ein Median.',
    },
    arrival: {
      term: 'Ausbreitung',
      note: 'Von der Zeit im Kopf eines Blocks bis zu dem Augenblick, in dem ihn dieser Knoten geprüft hatte; für Blöcke, die ' +
        'andere Knoten sandten, während er lief. Die Zeit im Kopf gibt die Uhr des Miners an: Geht sie falsch, so steckt das mit ' +
        'darin (`cairn doctor` vergleicht Uhren), ebenso bis zu eine halbe Sekunde der Suche, denn so oft erneuert ein Miner die ' +
        'Zeit. Die Linie ist ein Median.',
    },
    difficulty: {
      term: 'Schwierigkeit',
      note: 'Hashes, die ein Block im Mittel braucht. Jeder Block setzt die des nächsten: mehr, wo er früher kam als das Ziel.',
    },
    rate: {
      term: 'Hashrate des Netzes',
      note: 'Geschätzt, denn niemand zählt alle Hashes: die Schwierigkeit der Blöcke ringsum, zusammengezählt, geteilt durch die ' +
        'Zeit, die sie brauchten. Darin steckt Glück: Über n Blöcke irrt die Schätzung um etwa 1 zu √n, über 25 um ein Fünftel.',
    },
    transactions: {
      term: 'Transaktionen je Block',
      note: 'Wie viele Zahlungen ein Block enthält. Die Linie ist ein Mittelwert: Sind die meisten Blöcke leer, sagt ein Median nichts.',
    },
    fees: {
      term: 'Gebühren je Block',
      note: 'Was die Zahlungen eines Blocks dem Miner zusammen zahlen, in ganzen Einheiten. Die Linie ist ein Mittelwert.',
    },
  },
}
