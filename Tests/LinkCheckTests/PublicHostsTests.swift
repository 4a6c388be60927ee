import Foundation
import Testing

@testable import LinkCheck

@Suite("Which hosts are on the Internet") struct PublicHostsTests {
    @Test(
        "addresses of machines, of networks of one's own and of groups are none of the Internet's",
        arguments: [
            "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "127.0.0.1",
            "127.255.255.254", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.1",
            "192.0.2.1", "192.168.0.1", "198.18.0.1", "198.19.255.255", "198.51.100.1",
            "203.0.113.1", "224.0.0.1", "239.1.2.3", "240.0.0.1", "255.255.255.255",
            "::", "::1", "::ffff:127.0.0.1", "::ffff:192.168.1.1", "::127.0.0.1",
            "64:ff9b::10.0.0.1", "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1",
            "2002:7f00:1::", "2002:c0a8:101::1", "3fff::1", "fc00::1", "fd12:3456::1",
            "fe80::1", "fec0::1", "ff02::1",
        ]
    )
    func inside(text: String) throws {
        #expect(try !#require(IPAddress(text)).isPublic)
    }

    @Test(
        "all others are",
        arguments: [
            "1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.0.0.1",
            "128.0.0.1", "169.253.0.1", "172.15.0.1", "172.32.0.1", "192.0.1.1", "192.167.1.1",
            "198.17.0.1", "198.20.0.1", "223.255.255.255", "2606:4700::1111",
            "2a00:1450:4001::5", "2001:4860:4860::8888", "64:ff9b::1.1.1.1",
            "2002:101:101::1", "::ffff:1.1.1.1",
        ]
    )
    func outside(text: String) throws {
        #expect(try #require(IPAddress(text)).isPublic)
    }

    @Test("what is no address is none, and an address is written as curl wants a host")
    func writing() {
        for text in ["", "example.org", "127.1", "1.2.3.4.5", "[::1]", "fe80::1%lo"] {
            #expect(IPAddress(text) == nil, "\(text)")
        }
        #expect(IPAddress("192.0.2.1")?.host == "192.0.2.1")
        #expect(IPAddress("2001:db8::a:1")?.host == "[2001:db8:0:0:0:0:a:1]")
    }

    private func hosts(_ names: [String], own: [IPNetwork]? = []) throws -> PublicHosts {
        let addresses = try names.map { try #require(IPAddress($0)) }
        return PublicHosts(names: { _ in .addresses(addresses) }, own: { own })
    }

    @Test("a host with one address inside is not asked, be it the last one")
    func mixed() async throws {
        let mixed = try hosts(["1.1.1.1", "10.0.0.1"])
        #expect(
            await mixed.answer(for: "x.example")
                == .verdict(.dead(reason: "its host is not on the Internet"))
        )
        let both = try [#require(IPAddress("1.1.1.1")), #require(IPAddress("1.0.0.1"))]
        #expect(
            await (try hosts(["1.1.1.1", "1.0.0.1"])).answer(for: "x.example") == .addresses(both)
        )
    }

    @Test("neither is one of this machine's own network, nor any if that can't be told")
    func own() async throws {
        let network = IPNetwork(IPAddress("81.2.69.0"), 24)
        let near = try hosts(["81.2.69.142"], own: [network])
        guard case .verdict(.unclear) = await near.answer(for: "x.example") else {
            Issue.record("a neighbour was asked")
            return
        }
        let far = try hosts(["81.2.70.1"], own: [network])
        let address = try #require(IPAddress("81.2.70.1"))
        #expect(await far.answer(for: "x.example") == .addresses([address]))
        let unknown = try hosts(["81.2.70.1"], own: nil)
        guard case .verdict(.unclear) = await unknown.answer(for: "x.example") else {
            Issue.record("a host was asked that may be a neighbour")
            return
        }
    }

    @Test("a name that does not exist is dead; one that nobody could be asked for is not")
    func names() async {
        var hosts = PublicHosts()
        hosts.names = { _ in .unknown }
        #expect(
            await hosts.answer(for: "x.example") == .verdict(.dead(reason: "there is no such host"))
        )
        hosts.names = { _ in .unanswered("no network") }
        #expect(await hosts.answer(for: "x.example") == .verdict(.unclear(reason: "no network")))
    }

    @Test("the networks of this machine hold its loopback")
    func interfaces() throws {
        let networks = try #require(PublicHosts.interfaces())
        let loopback = try #require(IPAddress("127.0.0.1"))
        let far = try #require(IPAddress("1.1.1.1"))
        #expect(networks.contains { $0.contains(loopback) })
        #expect(!networks.contains { $0.contains(far) })
    }
}
