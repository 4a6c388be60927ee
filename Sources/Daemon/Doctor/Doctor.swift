public import Foundation
import Storage

/// Looks at an installation step by step, and says of each failure what to do.
///
/// Nothing is changed. If the service runs, it is asked how its stream does; if not, the server is
/// connected to as the service would, for some seconds.
public struct Doctor: Sendable {
    let file: URL

    public init(file: URL) {
        self.file = file
    }

    /// Reports each step as soon as it is done; tells whether none has failed.
    public func examine(report: @Sendable (Diagnosis) -> Void) async -> Bool {
        var isWell = true
        func note(_ diagnoses: [Diagnosis]) {
            for diagnosis in diagnoses {
                if diagnosis.verdict == .failed { isWell = false }
                report(diagnosis)
            }
        }
        do {
            let configuration = try Configuration(file: file)
            note(LocalExamination(configuration: configuration, file: file).diagnoses())
            note(await ServerExamination(configuration: configuration).diagnoses())
        } catch {
            let found = await diagnosesWithoutSecret(missing: error)
            note(
                found ?? [
                    Diagnosis("configuration", .failed, "\(error)"),
                    Diagnosis(
                        "all else",
                        .skipped,
                        "It is looked at when the configuration is right."
                    ),
                ]
            )
        }
        return isWell
    }

    /// What is found where only the service has the secret, as one that systemd decrypts for it, and runs;
    /// nil if something else is wrong.
    private func diagnosesWithoutSecret(missing error: any Error) async -> [Diagnosis]? {
        guard let configuration = try? Configuration(file: file, withSecret: false),
            let server = await ServerExamination(configuration: configuration).byService()
        else { return nil }
        let secret = Diagnosis("secret", .warning, "\(error)\nThe service that runs has it.")
        return LocalExamination(configuration: configuration, file: file).diagnoses()
            + [secret, server]
    }
}
