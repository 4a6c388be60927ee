import Foundation
import Testing

@testable import Daemon

@Suite("Where metrics are shown")
struct MonitoringAddressTests {
    private let folder = URL(filePath: "/etc/broadsheet/")

    @Test(
        "a port of this machine, or a path",
        arguments: [
            ("127.0.0.1:9464", "127.0.0.1:9464"), ("[::1]:9464", "[::1]:9464"),
            ("localhost:80", "127.0.0.1:80"), ("127.3.2.1:1", "127.3.2.1:1"),
            ("/run/broadsheet/metrics.sock", "/run/broadsheet/metrics.sock"),
            ("./metrics.sock", "/etc/broadsheet/metrics.sock"),
        ]
    )
    func accepted(text: String, meaning: String) throws {
        #expect(try MonitoringAddress(text, in: folder).description == meaning)
    }

    @Test(
        "other machines are not let in, for there is no password",
        arguments: [
            "0.0.0.0:9464", "[::]:9464", "192.0.2.1:9464", "[2001:db8::1]:9464",
        ]
    )
    func others(text: String) {
        #expect(throws: MonitoringAddressError.otherMachines) {
            try MonitoringAddress(text, in: folder)
        }
    }

    @Test(
        "anything else is refused",
        arguments: ["9464", "on", "127.0.0.1", "x:1", "127.0.0.1:70000"]
    )
    func unreadable(text: String) {
        #expect(throws: MonitoringAddressError.unreadable) {
            try MonitoringAddress(text, in: folder)
        }
    }

    @Test("a path that is no socket's is refused")
    func tooLong() {
        #expect(throws: MonitoringAddressError.pathTooLong) {
            try MonitoringAddress("/" + String(repeating: "x", count: 120), in: folder)
        }
    }

    @Test("nothing is shown unless it is asked for, and a mistake is told with its line")
    func configuration() throws {
        let silent = try ConfigurationSample()
        defer { silent.remove() }
        #expect(try Configuration(file: silent.file).monitoring == nil)
        let section = "metrics:\n  listen: 127.0.0.1:9464\npeople:"
        let watched = try ConfigurationSample(replacing: "people:", with: section)
        defer { watched.remove() }
        let address = try Configuration(file: watched.file).monitoring
        #expect(address == .port(host: "127.0.0.1", 9464))
        let open = try ConfigurationSample(
            replacing: "people:",
            with: section.replacing("127.0.0.1", with: "0.0.0.0")
        )
        defer { open.remove() }
        let error = #expect(throws: ConfigurationError.self) { try Configuration(file: open.file) }
        #expect(error?.problems.count == 1)
        #expect(
            error?.description.contains("broadsheet.yaml:13: 'metrics.listen' should be an") == true
        )
    }
}
