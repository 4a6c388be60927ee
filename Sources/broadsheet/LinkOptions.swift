import ArgumentParser
import Foundation
import Issues
import LinkCheck

/// How links are followed over the web.
struct LinkOptions: ParsableArguments {
    @Option(help: "How many hosts are asked at the same time.")
    var linkHosts = 8

    @Option(help: "Seconds between two requests to one host.")
    var linkPause = 1.0

    @Option(help: "Seconds until a request counts as unanswered.")
    var linkTimeout = 20

    @Option(help: "Where verdicts are kept for later runs. (default: in the user's cache folder)")
    var linkCache: String?

    func validate() throws {
        guard linkHosts > 0, linkTimeout > 0, (0...3_600).contains(linkPause) else {
            throw ValidationError("Hosts and seconds must be positive.")
        }
    }

    /// What is found by following the links of some files.
    func deadLinks(in paths: [String], by checker: IssueChecker) async throws -> [IssueFinding] {
        let links = checker.webLinks(in: paths.compactMap { try? CheckFile(reading: $0) })
        var cache = LinkCache(file: cacheFile)
        let now = Date()
        let unknown = Set(links.map(\.address)).filter { cache.verdict(on: $0, now: now) == nil }
        Failure.say("Following \(unknown.count) links …")
        let pause = Duration.seconds(linkPause)
        let curl = Curl(timeout: linkTimeout) { try? await Task.sleep(for: pause) }
        let survey = LinkSurvey(parallelHosts: linkHosts, pause: pause) { address in
            await curl.follow(address)
        }
        for (address, verdict) in await survey.verdicts(on: unknown) {
            cache.remember(verdict, on: address, now: now)
        }
        do {
            try cache.write(to: cacheFile, now: now)
        } catch {
            // Without a cache the next run only takes longer.
            Failure.say("The verdicts can't be kept: \(error.localizedDescription)")
        }
        return links.compactMap { link in
            guard case .dead(let reason)? = cache.verdict(on: link.address, now: now) else {
                return nil
            }
            return link.dead(reason: reason)
        }
    }

    private var cacheFile: URL {
        if let linkCache { return URL(filePath: linkCache) }
        let environment = ProcessInfo.processInfo.environment
        let home = environment["HOME"] ?? NSHomeDirectory()
        let folder = environment["XDG_CACHE_HOME"] ?? home + "/.cache"
        return URL(filePath: folder).appending(path: "broadsheet/links.json")
    }
}
