import Foundation
import Storage
import Testing

@testable import Daemon

@Suite("What the doctor sees on this machine")
struct LocalExaminationTests {
    /// The verdict of each step, by its name.
    private func verdicts(_ sample: ConfigurationSample) throws -> [String: Diagnosis] {
        let configuration = try Configuration(file: sample.file)
        let found = LocalExamination(configuration: configuration, file: sample.file).diagnoses()
        return Dictionary(uniqueKeysWithValues: found.map { ($0.step, $0) })
    }

    private func set(_ rights: Int, _ file: URL) throws {
        try FileManager.default.setAttributes([.posixPermissions: rights], ofItemAtPath: file.path)
    }

    @Test("a good installation is fine, and an empty folder of issues is told of")
    func good() throws {
        let sample = try ConfigurationSample()
        defer { sample.remove() }
        try set(0o600, sample.folder.appending(path: "secret"))
        let found = try verdicts(sample)
        #expect(found.values.filter { $0.verdict == .failed } == [])
        #expect(found["configuration"]?.verdict == .fine)
        #expect(found["database"]?.text.contains("first start") == true)
        #expect(found["issues of dispatch"]?.verdict == .warning)
        try Data("---\ntitle: T\n---\n".utf8)
            .write(to: sample.folder.appending(path: "issues/2026-04-05-dispatch.md"))
        #expect(try verdicts(sample)["issues of dispatch"]?.verdict == .fine)
    }

    @Test("a secret for everybody is a warning, with the remedy")
    func secret() throws {
        let sample = try ConfigurationSample()
        defer { sample.remove() }
        try set(0o644, sample.folder.appending(path: "secret"))
        let found = try #require(try verdicts(sample)["configuration"])
        #expect(found.verdict == .warning && found.text.contains("chmod 600"))
    }

    @Test("where links are followed, there has to be a curl")
    func curl() throws {
        let sample = try ConfigurationSample(
            replacing: "newsletters:",
            with: "links: {follow: true}\nnewsletters:"
        )
        defer { sample.remove() }
        func look() throws -> Diagnosis? {
            var examination = LocalExamination(
                configuration: try Configuration(file: sample.file),
                file: sample.file
            )
            examination.programs = "/nowhere:\(sample.folder.path)"
            return examination.diagnoses().first { $0.step == "links" }
        }
        #expect(try look()?.verdict == .failed)
        let curl = sample.folder.appending(path: "curl")
        try Data().write(to: curl)
        #expect(try look()?.verdict == .failed)
        try set(0o755, curl)
        #expect(try look()?.verdict == .fine)
        let without = try ConfigurationSample()
        defer { without.remove() }
        #expect(try verdicts(without)["links"] == nil)
    }

    @Test("a room's password that everybody can read is a warning")
    func password() throws {
        let sample = try ConfigurationSample(
            replacing: "    roles:",
            with: "    password: sesame\n    roles:"
        )
        defer { sample.remove() }
        try set(0o755, sample.folder)
        try set(0o644, sample.file)
        #expect(try verdicts(sample)["file permissions"]?.verdict == .warning)
        try set(0o640, sample.file)
        #expect(try verdicts(sample)["file permissions"]?.verdict == .fine)
    }

    @Test(
        "a database of something else fails, one of ours is counted, one for all to read is told of"
    )
    func database() async throws {
        let sample = try ConfigurationSample()
        defer { sample.remove() }
        let file = sample.folder.appending(path: "broadsheet.sqlite")
        try Data("no database at all, but a text of some length".utf8).write(to: file)
        try set(0o600, file)
        #expect(try verdicts(sample)["database"]?.verdict == .failed)
        try FileManager.default.removeItem(at: file)
        _ = try Store(path: file.path)
        let found = try #require(try verdicts(sample)["database"])
        #expect(found.verdict == .fine && found.text.contains("0 subscriptions"))
        try set(0o644, file)
        #expect(try verdicts(sample)["database"]?.verdict == .warning)
    }

    @Test("folders that are not there are named")
    func folders() throws {
        let sample = try ConfigurationSample(
            ConfigurationSample.good + "\ndatabase: gone/a.sqlite\ncontrol: {socket: gone/sock}\n"
        )
        defer { sample.remove() }
        let found = try verdicts(sample)
        #expect(found["database"]?.verdict == .failed)
        #expect(found["control socket"]?.verdict == .failed)
    }
}
