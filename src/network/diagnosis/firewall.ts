/** What to type, or where to click, to let a node through a machine's firewall. */

/**
 * Lines for people.
 * @param platform `process.platform`
 * @param port TCP, where the node listens for peers
 */
export function firewallCommands(platform: NodeJS.Platform, port: number): string[] {
  switch (platform) {
    case 'darwin':
      return [
        'macOS: System Settings → Network → Firewall: allow incoming connections for node;',
        'and → Privacy & Security → Local Network: allow the terminal.',
      ]
    case 'win32':
      return [
        `netsh advfirewall firewall add rule name=Cairn dir=in action=allow protocol=TCP localport=${port}`,
        'netsh advfirewall firewall add rule name=Cairn dir=in action=allow protocol=UDP localport=5353',
        'and set the Wi-Fi to “Private network” in its properties.',
      ]
    default:
      return [
        `sudo ufw allow ${port}/tcp && sudo ufw allow 5353/udp`,
        `or: sudo firewall-cmd --add-port=${port}/tcp --add-service=mdns`,
      ]
  }
}
