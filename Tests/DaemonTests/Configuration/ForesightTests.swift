import Component
import Daemon
import Foundation
import Testing

/// What would only be noticed when the service runs, told by `check-config` already.
@Suite("Configuration: what would go wrong later")
struct ForesightTests {
    private func read(_ sample: ConfigurationSample) -> (problems: [String], warnings: [String]) {
        defer { sample.remove() }
        do {
            let configuration = try Configuration(file: sample.file)
            return ([], configuration.warnings.map(\.description))
        } catch let error as ConfigurationError {
            return (error.problems.map(\.description), [])
        } catch {
            return (["\(error)"], [])
        }
    }

    /// A sample whose secret nobody else can read.
    private func sample(_ part: String, _ other: String) throws -> ConfigurationSample {
        let sample = try ConfigurationSample(replacing: part, with: other)
        try setRights(0o600, of: sample)
        return sample
    }

    private func setRights(_ rights: Int, of sample: ConfigurationSample) throws {
        let path = sample.folder.appending(path: "secret").path(percentEncoded: false)
        try FileManager.default.setAttributes([.posixPermissions: rights], ofItemAtPath: path)
    }

    @Test(
        "another machine without TLS is refused with both ways out",
        arguments: ["192.0.2.1:5347", "\"[2001:db8::1]:5347\""]
    )
    func remote(server: String) throws {
        let said = try read(sample("  secret_file", "  server: \(server)\n  secret_file"))
        #expect(
            said.problems == [
                "broadsheet.yaml:3: 'component.server' is another machine, and without TLS "
                    + "everybody in between could read along. Set 'component.tls: direct', or, in "
                    + "a network you trust, 'component.allow_plain_remote: true'."
            ]
        )
    }

    @Test("of several servers each is looked at")
    func otherRemote() throws {
        let key = "  other_servers: [localhost:5347, 192.0.2.1:5347]\n  secret_file"
        let said = try read(sample("  secret_file", key))
        #expect(said.problems.count == 1)
        #expect(
            said.problems.first?.hasPrefix(
                "broadsheet.yaml:3: 'component.other_servers' is another machine, and without TLS"
            ) == true
        )
    }

    @Test(
        "this machine, TLS, and what somebody has allowed are fine",
        arguments: [
            "server: 127.0.0.1:5347", "server: \"[::1]:5347\"", "server: localhost:5347",
            "server: 192.0.2.1:5347\n  tls: direct",
            "server: 192.0.2.1:5347\n  allow_plain_remote: true",
            "server: xmpp.verona.lit:5347\n  tls: direct",
        ]
    )
    func fine(lines: String) throws {
        let said = try read(sample("  secret_file", "  \(lines)\n  secret_file"))
        #expect(said.problems == [] && said.warnings == [])
    }

    @Test("of a name nobody knows yet where it leads, so that is only a warning")
    func name() throws {
        let said = try read(sample("  secret_file", "  server: xmpp.verona.lit:1\n  secret_file"))
        #expect(said.problems == [])
        #expect(
            said.warnings == [
                "broadsheet.yaml:3: Without TLS the name 'xmpp.verona.lit' has to lead to this "
                    + "machine; otherwise no connection is made. Set 'component.tls: direct', or, "
                    + "in a network you trust, 'component.allow_plain_remote: true'."
            ]
        )
    }

    @Test("a control socket whose path no socket can have is refused, the longest one is not")
    func longPath() throws {
        let longest = "/" + String(repeating: "s", count: 102)
        let good = try sample("newsletters:", "control: {socket: \(longest)}\nnewsletters:")
        #expect(read(good).problems == [])
        let bad = try sample("newsletters:", "control: {socket: \(longest)s}\nnewsletters:")
        #expect(
            read(bad).problems == [
                "broadsheet.yaml:4: The path of 'control.socket' is too long for a socket: "
                    + "104 bytes of at most 103. It is \(longest)s."
            ]
        )
    }

    @Test(
        "two things at one path are refused, however the path is written",
        arguments: [
            ("control: {socket: broadsheet.sqlite}", "'control.socket' is the database."),
            (
                "metrics: {listen: ./broadsheet.sqlite}",
                "'metrics.listen' is the database or the control socket."
            ),
            (
                "metrics: {listen: ./control.sock}",
                "'metrics.listen' is the database or the control socket."
            ),
            (
                "control: {socket: run/c.sock}, metrics: {listen: ./run/../run/c.sock}",
                "'metrics.listen' is the database or the control socket."
            ),
        ]
    )
    func onePath(settings: String, sentence: String) throws {
        let lines = settings.replacing("}, ", with: "}\n")
        let said = try read(sample("newsletters:", "\(lines)\nnewsletters:"))
        let line = 4 + lines.count { $0 == "\n" }
        #expect(said.problems == ["broadsheet.yaml:\(line): \(sentence) Name another file."])
    }

    @Test("a metrics socket of its own is fine")
    func twoPaths() throws {
        let lines = "control: {socket: c.sock}\nmetrics: {listen: ./m.sock}\nnewsletters:"
        #expect(try read(sample("newsletters:", lines)).problems == [])
    }

    @Test(
        "a secret that every user can read is warned of, with the command that helps",
        arguments: [(0o644, true), (0o604, true), (0o640, false), (0o600, false)]
    )
    func readableSecret(rights: Int, isTold: Bool) throws {
        let sample = try ConfigurationSample()
        try setRights(rights, of: sample)
        let path = sample.folder.appending(path: "secret").path(percentEncoded: false)
        let said = read(sample)
        #expect(said.problems == [])
        let warning =
            "broadsheet.yaml:3: Every user of this machine can read the secret. "
            + "Run: chmod 600 \(path)"
        #expect(said.warnings == (isTold ? [warning] : []))
    }
}
