import Commands
import Testing

@testable import Newsroom

@Suite struct StatusCommandTests {
    struct Trouble: Error, CustomStringConvertible {
        let description = "The disk is full."
    }

    @Test("`status` says what the service knows of itself")
    func lines() async throws {
        let bureau = try await Bureau([:], status: { ["Connected.", "In \($0)."] })
        #expect(try await bureau.say("!status", as: .editor) == .done("Connected.\nIn en."))
        #expect(try await bureau.say("!status", in: "fr-CA") == .done("Connected.\nIn fr-CA."))
    }

    @Test("`status` that can't be told says why")
    func trouble() async throws {
        let bureau = try await Bureau([:], status: { _ in throw Trouble() })
        #expect(try await bureau.say("status") == .failed("The disk is full."))
    }
}
