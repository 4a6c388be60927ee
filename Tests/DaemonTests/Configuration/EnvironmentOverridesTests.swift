import Foundation
import Testing

@testable import Daemon

@Suite("Configuration in the environment")
struct EnvironmentOverridesTests {
    private func configuration(_ environment: [String: String]) throws -> Configuration {
        let sample = try ConfigurationSample()
        defer { sample.remove() }
        return try Configuration(file: sample.file, environment: environment)
    }

    private func problems(_ environment: [String: String]) throws -> [String] {
        let error = #expect(throws: ConfigurationError.self) { try configuration(environment) }
        return error?.problems.map(\.description) ?? []
    }

    @Test("counts more than the file, and than what the file leaves out")
    func counts() throws {
        let configuration = try configuration([
            "BROADSHEET_COMPONENT__SERVER": "127.0.0.2:5348",
            "BROADSHEET_DELIVERY__BATCH_SIZE": "17",
            "BROADSHEET_NEWSLETTERS__DISPATCH__LANGUAGES": "[en, fr]",
            "BROADSHEET_NEWSLETTERS__DISPATCH__TITLE": "Verona",
            "BROADSHEET_CORPUS": "no key", "OTHER__THING": "1",
        ])
        #expect(configuration.stream.host == "127.0.0.2")
        #expect(configuration.stream.port == 5348)
        #expect(configuration.delivery.batchSize == 17)
        let newsletter = configuration.newsletters.first?.newsletter
        #expect(newsletter?.languages == ["en", "fr"])
        #expect(newsletter?.title == "Verona")
    }

    @Test("a mistake there is told with the variable")
    func mistakes() throws {
        #expect(
            try problems(["BROADSHEET_DELIVERY__BATCH_SIZE": "many"]) == [
                "broadsheet.yaml: 'delivery.batch_size' should be a whole number from 1 to 10000. "
                    + "It is set by BROADSHEET_DELIVERY__BATCH_SIZE in the environment."
            ]
        )
        let unknown = try problems(["BROADSHEET_DELIVERY__BATCHSIZE": "1"])
        #expect(unknown.count == 1)
        #expect(unknown.first?.contains("'delivery.batchsize'") == true)
        #expect(
            unknown.first?.hasSuffix("BROADSHEET_DELIVERY__BATCHSIZE in the environment.") == true
        )
    }

    @Test(
        "a variable that names no key is refused, and changes nothing else",
        arguments: [
            "BROADSHEET___", "BROADSHEET_LOG__", "BROADSHEET___LOG", "BROADSHEET_LOG____LEVEL",
        ]
    )
    func nameless(variable: String) throws {
        let told = try problems([variable: "debug", "BROADSHEET_LOG__LEVEL": "debug"])
        #expect(told.count == 1)
        #expect(told.first?.hasPrefix("broadsheet.yaml: \(variable) in the environment") == true)
    }

    @Test("a value that is no YAML, or stands where no group is, is told with the variable")
    func misplaced() throws {
        let unreadable = try problems(["BROADSHEET_LOG__LEVEL": "[debug"])
        #expect(unreadable.count == 1)
        #expect(
            unreadable.first?.contains("BROADSHEET_LOG__LEVEL in the environment is not") == true
        )
        let misplaced = try problems(["BROADSHEET_DATABASE__PATH": "other.sqlite"])
        #expect(misplaced.count == 1)
        #expect(
            misplaced.first?.hasSuffix("by BROADSHEET_DATABASE__PATH in the environment.") == true
        )
        let inList = try problems(["BROADSHEET_ROOMS__NICK": "Verona"])
        #expect(inList.first?.hasSuffix("by BROADSHEET_ROOMS__NICK in the environment.") == true)
    }

    @Test("an empty value is an empty text")
    func empty() throws {
        let rights = try configuration(["BROADSHEET_NEWSLETTERS__DISPATCH__RIGHTS": ""])
        #expect(rights.newsletters.first?.newsletter.rights == "")
    }

    @Test("a secret is not taken from there: other users could read it")
    func secret() throws {
        #expect(try problems(["BROADSHEET_COMPONENT__SECRET": "s3cret"]).count == 1)
    }

    @Test("what is reloaded knows that nothing has changed")
    func reload() throws {
        let environment = ["BROADSHEET_DELIVERY__BATCH_SIZE": "17"]
        let changes = Reloading.changes(
            from: try configuration(environment),
            to: try configuration(environment)
        )
        #expect(changes.isEmpty)
    }
}
