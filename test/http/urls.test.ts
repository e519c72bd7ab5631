/** Where a server can be reached, and who is on this machine. */
import { expect, test } from 'vitest'
import { isFromHere, lanUrls, localUrl } from '../../src/http/urls.ts'

const address = (text: string, family: 'IPv4' | 'IPv6', internal = false) => ({
  address: text, family, internal, netmask: '', mac: '', cidr: null, scopeid: 0,
})
const interfaces = {
  lo: [address('127.0.0.1', 'IPv4', true), address('::1', 'IPv6', true)],
  docker0: [address('172.17.0.1', 'IPv4')],
  wlan0: [address('192.168.1.20', 'IPv4'), address('fe80::1', 'IPv6')],
}

test.each([
  ['127.0.0.1', 'http://127.0.0.1:5050'],
  ['0.0.0.0', 'http://127.0.0.1:5050'],
  ['::', 'http://[::1]:5050'],
  ['fd00::7', 'http://[fd00::7]:5050'],
  ['192.168.1.20', 'http://192.168.1.20:5050'],
])('from this machine, listening on %s: %s', (host, url) => {
  expect(localUrl(host, 5050)).toBe(url)
})

test.each([
  ['127.0.0.1', []],
  ['127.0.0.5', []],
  ['::1', []],
  ['0.0.0.0', ['http://192.168.1.20:5050', 'http://172.17.0.1:5050']],
  ['::', ['http://192.168.1.20:5050', 'http://172.17.0.1:5050']],
  ['192.168.1.20', ['http://192.168.1.20:5050']],
  ['fd00::7', ['http://[fd00::7]:5050']],
])('from other machines, bound to %s: %s', (bound, urls) => {
  expect(lanUrls({ address: bound, port: 5050 }, interfaces)).toEqual(urls)
})

test.each([
  ['127.0.0.1', true], ['127.9.9.9', true], ['::1', true], ['::ffff:127.0.0.1', true], ['::FFFF:127.0.0.1', true], ['localhost', true],
  ['192.168.1.20', false], ['::ffff:192.168.1.20', false], ['fe80::1', false], ['0.0.0.0', false], ['lab-pc', false], ['', false],
])('%s is loopback: %s', (ip, here) => {
  expect(isFromHere(ip)).toBe(here)
})
