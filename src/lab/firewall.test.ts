import { describe, expect, it } from 'vitest'
import { renderFirewall } from './firewall.ts'

describe("the computer's firewall for a lab", () => {
  it('keeps a lab to itself', () => {
    expect(renderFirewall({ lab: 'shop', subnet: 7, internet: false })).toBe(`table inet trimaran_lab_shop
delete table inet trimaran_lab_shop
table inet trimaran_lab_shop {
  chain input {
    type filter hook input priority -10; policy accept;
    iifname "tri7" ct state established,related accept
    iifname "tri7" ip daddr 198.18.7.1 icmp type echo-request accept
    iifname "tri7" drop
  }
  chain forward {
    type filter hook forward priority -10; policy accept;
    iifname "tri7" oifname "tri7" accept
    iifname "tri7" drop
    oifname "tri7" drop
  }
}
`)
  })

  it('lets a lab out to the internet when asked to, but to no other lab', () => {
    const text = renderFirewall({ lab: 'shop', subnet: 7, internet: true })
    expect(text).toContain(`    iifname "tri7" oifname "tri7" accept
    iifname "tri7" ip daddr 198.18.0.0/15 drop
    iifname "tri7" meta nfproto ipv4 accept
    oifname "tri7" ct state established,related accept
    iifname "tri7" drop
    oifname "tri7" drop
`)
    expect(text).toContain('    ip saddr 198.18.7.0/24 oifname != "tri7" masquerade')
  })
})
