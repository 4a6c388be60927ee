import Foundation
import Testing

@testable import Daemon

@Suite("What the service manager hears")
struct ServiceManagerTests {
    @Test(
        "news are lines of one datagram, to a path or a name without a file",
        arguments: [false, true]
    )
    func news(abstract: Bool) async throws {
        let inbox = try DatagramInbox(abstract: abstract)
        let manager = try #require(ServiceManager(environment: ["NOTIFY_SOCKET": inbox.path]))
        manager.tell(.ready, .status("Connected."))
        manager.tell(.stopping)
        manager.tell(.alive)
        #expect(await inbox.texts(3) == ["READY=1\nSTATUS=Connected.", "STOPPING=1", "WATCHDOG=1"])
        #expect(inbox.next() == nil)
    }

    @Test("a reload tells its moment, which no earlier reload had")
    func reloading() async throws {
        let inbox = try DatagramInbox()
        let manager = try #require(ServiceManager(environment: ["NOTIFY_SOCKET": inbox.path]))
        manager.tellReloading()
        manager.tellReloading()
        let moments = await inbox.texts(2).compactMap { text in
            text.wholeMatch(of: /RELOADING=1\nMONOTONIC_USEC=([0-9]+)/).flatMap { UInt64($0.1) }
        }
        #expect(moments.count == 2 && moments[0] <= moments[1])
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        #expect(moments.allSatisfy { $0 / 1_000_000 <= UInt64(now.tv_sec) })
        #expect(moments.allSatisfy { $0 / 1_000_000 + 60 > UInt64(now.tv_sec) })
    }

    @Test("a status stays one assignment, whatever an error brings along")
    func oneLine() {
        let line = ServiceManager.News.status("Refused.\nREADY=1").line
        #expect(line == "STATUS=Refused. READY=1")
    }

    @Test(
        "in a terminal there is nobody to tell, nor at an address that is none",
        arguments: [nil, "", "@", "relative/path", "/" + String(repeating: "x", count: 108)]
    )
    func nobody(path: String?) {
        #expect(ServiceManager(environment: path.map { ["NOTIFY_SOCKET": $0] } ?? [:]) == nil)
    }

    @Test("signs of life are due if they are ours to give")
    func patience() throws {
        let socket = ["NOTIFY_SOCKET": "@somewhere"]
        func patience(_ more: [String: String]) throws -> Duration? {
            let environment = socket.merging(more) { $1 }
            return try #require(ServiceManager(environment: environment, process: 7)).patience
        }
        #expect(try patience([:]) == nil)
        #expect(try patience(["WATCHDOG_USEC": "30000000"]) == .seconds(30))
        #expect(try patience(["WATCHDOG_USEC": "1", "WATCHDOG_PID": "7"]) == .microseconds(1))
        #expect(try patience(["WATCHDOG_USEC": "1", "WATCHDOG_PID": "8"]) == nil)
        #expect(try patience(["WATCHDOG_USEC": "soon"]) == nil)
        #expect(try patience(["WATCHDOG_USEC": "0"]) == nil)
    }

    @Test("a receiver that has gone is no reason to fail")
    func gone() throws {
        let socket = try #require(LocalDatagramSocket(to: "/nowhere/\(UUID())"))
        #expect(!socket.send([1]))
    }
}
