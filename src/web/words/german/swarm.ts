/** The words of a swarm's page; see strings.ts. */
import { count } from '../../format.ts'
import { plural } from '../../plural.ts'
import type { swarmText as english } from '../english/swarm.ts'

const nodes = (number: number): string => plural(number, 'Knoten', 'Knoten')
const blocks = (number: number): string => plural(number, 'Block', 'Blöcke')

export const swarmText: typeof english = {
  title: 'Cairn-Schwarm',
  titleOf: (height: number, number: number): string => `${count(height)} · ${nodes(number)} · Cairn-Schwarm`,
  nodes,
  seed: (seed: string): string => `Seed ${seed}`,
  seedTitle: 'cairn swarm mit --seed und dieser Zahl macht dieselben Schlüssel, Namen und Verbindungen noch einmal',
  connection: { connecting: 'verbindet…', live: 'live', lost: 'Schwarm nicht erreichbar' },
  notice: {
    lost: 'Der Schwarm antwortet nicht. Zu sehen ist sein letzter Stand; die Seite geht von selbst weiter, wenn es wieder einen gibt. ' +
      'So startet man einen: `cairn swarm 10`',
    reading: 'Nur lesen. Zum Schürfen, Trennen und Heilen die Adresse öffnen, die `cairn swarm` ausgegeben hat: sie enthält das Token.',
    refused: 'Das Token in dieser Adresse ist nicht das dieses Schwarms, daher liest die Seite nur. ' +
      'Die Adresse öffnen, die `cairn swarm` ausgegeben hat.',
  },

  story: {
    none: 'Kein Knoten läuft.',
    genesis: 'Alle sind sich über Genesis einig: die Kette beginnt mit dem ersten Block, den jemand schürft.',
    agreed: (height: number): string => `Alle sind sich über Block ${count(height)} einig.`,
    settled: (height: number, left: number, entered: number): string =>
      `Alle sind sich wieder einig, über Block ${count(height)}: ${blocks(left)} hinaus, ${count(entered)} hinein.`,
    spreading: (height: number, have: number, of: number): string =>
      `Block ${count(height)} breitet sich aus: ${count(have)} von ${nodes(of)} haben ihn.`,
    parted: (parts: string): string => `Das Netz ist getrennt: ${parts}.`,
    partedMany: (parts: number, largest: number): string =>
      `Das Netz ist in ${count(parts)} Teile getrennt, der größte hat ${nodes(largest)}.`,
    oneYet: (height: number): string => `Noch sind sich alle über Block ${count(height)} einig.`,
    oneYetGenesis: 'Noch sind sich alle über Genesis einig.',
    branches: (number: number, fork: number): string =>
      `${count(number)} Zweige seit ${fork === 0 ? 'Genesis' : `Block ${count(fork)}`}.`,
    part: nodes,
  },

  tree: {
    label: 'Die Blöcke aller Knoten, die neuesten rechts',
    block: (height: number, miner: string, payments: number): string =>
      `Block ${count(height)} von ${miner}${payments === 0 ? '' : `, ${plural(payments, 'Zahlung', 'Zahlungen')}`}`,
    genesisBlock: 'Block 0: Genesis',
    here: (names: string, number: number): string => `; dort ${number === 1 ? 'steht' : 'stehen'} ${names}`,
    nobody: 'gilt für niemanden mehr',
    stranger: 'jemand anderem',
  },

  graph: {
    label: (number: number, parts: number): string =>
      `Das Netz: ${nodes(number)}${parts === 1 ? '' : ` in ${count(parts)} Teilen`}. Die Tabelle darunter sagt dasselbe in Worten.`,
    node: (name: string, height: number): string => `${name}, bei Block ${count(height)}`,
    stopped: (name: string): string => `${name}, läuft nicht`,
    hint: 'Knoten anklicken, um sie zu wählen, oder mit Umschalttaste einen Rahmen ziehen. Eine Linie durch das Netz trennt es. Eine Verbindung anklicken, um sie zu kappen oder langsam zu machen.',
    hintByFinger: 'Knoten antippen, um sie zu wählen, eine Verbindung, um sie zu kappen oder langsam zu machen. Eine seitwärts durch das Netz gezogene Linie trennt es.',
    cut: (sizes: string): string => `trennt es in ${sizes}`,
    box: (number: number): string => `wählt ${nodes(number)}`,
    legend: {
      here: 'ein Knoten hat die Farbe des Blocks, auf dem er steht', cut: 'getrennt', off: 'läuft nicht', mining: 'schürft immer weiter',
    },
  },

  act: {
    label: 'Was zu tun ist',
    everybody: 'Alle',
    chosen: (names: string): string => `Gewählt: ${names}`,
    choose: 'Keinen wählen',
    mineOne: 'Einen Block schürfen',
    mineOneTitle: 'Ein laufender Knoten, durch Los bestimmt, schürft einen Block',
    mineEach: 'Je einen Block schürfen',
    mineOn: 'Immer weiter schürfen',
    stopMining: 'Nicht mehr schürfen',
    halve: 'In zwei Teile trennen',
    part: 'Von den anderen trennen',
    heal: 'Netz heilen',
    kill: 'Abschießen',
    restart: 'Neu starten',
    join: 'Knoten hinzufügen',
    latency: 'Latenz',
    loss: 'Verlust',
    latencyIs: (ms: number): string => `${count(ms)} ms`,
    lossIs: (percent: number): string => `${count(percent)}\u00a0%`,
    payments: 'Zahlungen',
    paymentsIs: (perMinute: number): string => `${count(perMinute)} / min`,
    paid: (sent: number, pending: number): string =>
      `${plural(sent, 'Zahlung', 'Zahlungen')} bisher, ${pending === 0 ? 'keine wartet' : `${count(pending)} ${pending === 1 ? 'wartet' : 'warten'} auf einen Block`}.`,
    link: 'Die Verbindung zwischen ihnen',
    branches: 'Wer wo steht',
    branch: (height: number, miner: string): string => `Block ${count(height)} von ${miner}`,
    genesis: 'Genesis',
    longer: (number: number, fork: number): string => `${blocks(number)} seit ${fork === 0 ? 'Genesis' : `Block ${count(fork)}`}`,
  },

  link: {
    label: (one: string, other: string): string => `Verbindung zwischen ${one} und ${other}`,
    open: (one: string, other: string): string => `${one} – ${other}: anklicken, um sie zu kappen oder zu ändern`,
    state: { connected: 'verbunden', cut: 'gekappt: nichts kommt durch', apart: 'jetzt nicht verbunden' },
    cut: 'Verbindung kappen',
    heal: 'Verbindung heilen',
    same: 'Wie jede Verbindung',
    close: 'Schließen',
  },

  table: {
    label: 'Knoten',
    choose: 'Wählen',
    node: 'Knoten',
    block: 'Steht auf',
    links: 'Verbindungen',
    mined: 'Geschürft',
    mining: 'Schürft immer weiter',
    act: 'Jetzt',
    mine: 'Einen schürfen',
    miningOne: 'schürft…',
    kill: 'Abschießen',
    restart: 'Neu starten',
    off: 'läuft nicht',
    linksOf: (connected: number, all: number): string => (connected === all ? count(all) : `${count(connected)} von ${count(all)}`),
    chooseNode: (name: string): string => `${name} wählen`,
    mineAt: (name: string): string => `${name} schürft immer weiter`,
  },
}
