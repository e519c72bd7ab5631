/** `GET /api/v1/diagnosis`: what `cairn doctor` prints. The network room finds it as the JSON that it is. */
export type {
  Advice, Diagnosis, Findings, InterfaceDiagnosis, NearbyNetwork, NearbyNode, PeerDiagnosis, Step,
} from '../network/diagnosis/diagnosis.ts'
