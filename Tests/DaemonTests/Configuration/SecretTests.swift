import Component
import Daemon
import Foundation
import Testing

@Suite("Configuration: the secret")
struct SecretTests {
    private func said(_ body: () throws -> Configuration) -> [String] {
        do {
            _ = try body()
            return []
        } catch {
            return (error as? ConfigurationError)?.problems.map(\.description) ?? ["\(error)"]
        }
    }

    @Test("what systemd hands over counts, and then no file has to be named")
    func credential() throws {
        for (part, other) in [("", ""), ("  secret_file: secret\n", "")] {
            let sample = try ConfigurationSample(replacing: part, with: other)
            defer { sample.remove() }
            let handedOver = sample.folder.appending(path: "component-secret")
            try Data("from systemd\n".utf8).write(to: handedOver)
            let configuration = try Configuration(file: sample.file, credentials: sample.folder)
            #expect(configuration.stream.secret == Secret("from systemd"))
        }
    }

    @Test("credentials without ours leave it to the file")
    func otherCredentials() throws {
        let sample = try ConfigurationSample()
        defer { sample.remove() }
        let elsewhere = sample.folder.appending(path: "issues")
        let configuration = try Configuration(file: sample.file, credentials: elsewhere)
        #expect(configuration.stream.secret == Secret("s3cret"))
        let bare = try ConfigurationSample(replacing: "  secret_file: secret\n", with: "")
        defer { bare.remove() }
        #expect(
            said { try Configuration(file: bare.file, credentials: elsewhere) } == [
                "broadsheet.yaml:2: 'component.secret_file' is missing; it has no default."
            ]
        )
    }

    @Test("where only the service has it, the commands of the shell do without")
    func elsewhere() throws {
        let bare = try ConfigurationSample(replacing: "  secret_file: secret\n", with: "")
        defer { bare.remove() }
        #expect(said { try Configuration(file: bare.file, withSecret: false) } == [])
    }

    @Test("a file that is not there is named, and needed only by who connects")
    func missing() throws {
        let sample = try ConfigurationSample()
        defer { sample.remove() }
        let secret = sample.folder.appending(path: "secret")
        try FileManager.default.removeItem(at: secret)
        #expect(
            said { try Configuration(file: sample.file) } == [
                "broadsheet.yaml:3: The component's secret can't be read: there is no file "
                    + "\(secret.path(percentEncoded: false))."
            ]
        )
        #expect(said { try Configuration(file: sample.file, withSecret: false) } == [])
    }
}
