// swift-tools-version: 6.2
import PackageDescription

/// `make lint` turns warnings into errors; a newer compiler's new warning breaks nobody's build.
let settings: [SwiftSetting] =
    [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
    ] + (Context.environment["BROADSHEET_STRICT"] == nil ? [] : [.treatAllWarnings(as: .error)])

// Libraries, by the module they bring.
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let lifecycle = Target.Dependency.product(
    name: "ServiceLifecycle",
    package: "swift-service-lifecycle"
)
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let argumentParser = Target.Dependency.product(
    name: "ArgumentParser",
    package: "swift-argument-parser"
)
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")
let metrics = Target.Dependency.product(name: "Metrics", package: "swift-metrics")
let nioHTTP = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

func module(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

/// A module that talks to people, in texts that lie in its `Resources`.
func spoken(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(
        name: name,
        dependencies: dependencies,
        resources: [.embedInCode("Resources")],
        swiftSettings: settings
    )
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: settings)
}

let package = Package(
    name: "broadsheet",
    products: [
        .executable(name: "broadsheet", targets: ["broadsheet"]),
        .executable(name: "bench-element", targets: ["BenchElement"]),
        .executable(name: "bench-issues", targets: ["BenchIssues"]),
        .executable(name: "bench-idle", targets: ["BenchIdle"]),
        .executable(name: "bench-stream", targets: ["BenchStream"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", exact: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", exact: "2.1.1"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2"),
        .package(
            url: "https://github.com/swift-server/swift-service-lifecycle",
            exact: "2.13.0"
        ),
    ],
    targets: [
        // Floor 0: C libraries, XML, domain names
        .systemLibrary(name: "CExpat"),
        .systemLibrary(name: "COpenSSL"),
        .systemLibrary(name: "CCMarkGFM"),
        .systemLibrary(name: "CIDN2"),
        .systemLibrary(name: "CQREncode"),
        .systemLibrary(name: "CSQLite"),
        module("XML", ["CExpat"]),
        module("IDNA", ["CIDN2"]),
        module("Localization", []),
        module("Spelling", []),

        // Floor 1
        module("XMPP", ["XML", "IDNA"]),

        // Floor 2
        module("Component", ["XML", "XMPP", "COpenSSL", nioCore, nioPosix, logging]),
        module("Storage", ["XML", "XMPP", "CSQLite", grdb]),
        module("Issues", ["XML", "XMPP", "Spelling", "CCMarkGFM", yams]),
        module("PubSubWire", ["XML", "XMPP"]),
        spoken("Commands", ["XML", "XMPP", "Localization", "Spelling"]),

        // Floors 3 to 6
        module("Engine", ["XML", "XMPP", "PubSubWire"]),
        module("LinkCheck", [subprocess]),
        module("Availability", ["XML", "XMPP", "COpenSSL"]),
        module("Delivery", ["XML", "XMPP", "Storage", "Component", logging]),
        module("PubSub", ["XML", "XMPP", "PubSubWire", "Storage"]),
        spoken("WebArchive", ["XML", "XMPP", "Localization", "Issues", "CQREncode", mustache]),
        module(
            "Publishing",
            ["XML", "XMPP", "COpenSSL", "PubSubWire", "Storage", "Engine", "PubSub"]
        ),
        spoken(
            "Newsroom",
            [
                "XML", "XMPP", "Localization", "Spelling", "Component", "Commands", "Issues",
                "LinkCheck", "Storage", "Delivery", "PubSub", "Publishing", logging,
            ]
        ),
        spoken(
            "Readers",
            [
                "XML", "XMPP", "Localization", "Availability", "Commands", "Storage", "PubSub",
                "Publishing",
            ]
        ),

        // Floors 7 and 8
        spoken(
            "Daemon",
            [
                "XML", "XMPP", "IDNA", "Localization", "Spelling", "Component", "Storage", "Issues",
                "PubSubWire", "Commands", "Delivery", "Availability", "Engine", "LinkCheck",
                "PubSub", "Publishing", "Newsroom", "Readers", "WebArchive",
                nioCore, nioHTTP, nioPosix, metrics, logging, lifecycle, subprocess, unixSignals,
                yams,
            ]
        ),
        .executableTarget(
            name: "broadsheet",
            dependencies: [
                "Commands", "Daemon", "IDNA", "Issues", "LinkCheck", "Newsroom", "Publishing",
                "Storage", "WebArchive", "XMPP", argumentParser,
            ],
            swiftSettings: settings
        ),

        // Benchmarks
        .target(name: "BenchC", linkerSettings: [.linkedLibrary("expat")]),
        .executableTarget(
            name: "BenchElement",
            dependencies: ["BenchC", "XML", argumentParser],
            swiftSettings: settings
        ),

        .executableTarget(
            name: "BenchIssues",
            dependencies: ["IDNA", "Issues", argumentParser],
            swiftSettings: settings
        ),
        .executableTarget(name: "BenchIdle", swiftSettings: settings),
        .executableTarget(
            name: "BenchStream",
            linkerSettings: [.linkedLibrary("crypto"), .linkedLibrary("sqlite3")]
        ),

        // Tests
        .target(
            name: "Conversations",
            dependencies: ["XML", "XMPP"],
            path: "Tests/Support/Conversations",
            swiftSettings: settings
        ),
        .target(name: "Clocks", path: "Tests/Support/Clocks", swiftSettings: settings),
        tests("XMLTests", ["XML"]),
        tests("IDNATests", ["IDNA"]),
        tests("LocalizationTests", ["Localization"]),
        tests("SpellingTests", ["Spelling"]),
        tests("XMPPTests", ["XML", "XMPP"]),
        tests(
            "ComponentTests",
            ["Component", "COpenSSL", "XML", "XMPP", nioCore, nioPosix, nioEmbedded, logging]
        ),
        tests("StorageTests", ["Storage", "XML", "XMPP", "CSQLite", grdb]),
        tests("IssuesTests", ["Issues", "XML", "XMPP"]),
        tests("LinkCheckTests", ["LinkCheck"]),
        tests("AvailabilityTests", ["Availability", "XML", "XMPP"]),
        tests("PubSubWireTests", ["PubSubWire", "XML", "XMPP"]),
        tests("EngineTests", ["Engine", "XML", "XMPP"]),
        tests("CommandsTests", ["Commands", "Localization", "XML", "XMPP"]),
        tests("DeliveryTests", ["Delivery", "Component", "Storage", "XML", "XMPP", logging]),
        tests("PubSubTests", ["PubSub", "PubSubWire", "Storage", "Conversations", "XML", "XMPP"]),
        tests(
            "DaemonTests",
            [
                "Daemon", "Availability", "Clocks", "Commands", "Component", "Delivery", "Engine",
                "Issues", "Newsroom", "PubSub", "PubSubWire", "Publishing", "Readers", "Storage",
                "XML", "XMPP",
                nioCore, nioPosix, metrics, logging, lifecycle,
            ]
        ),
        tests("WebArchiveTests", ["WebArchive", "Issues"]),
        tests(
            "PublishingTests",
            ["Publishing", "Clocks", "Engine", "PubSub", "PubSubWire", "Storage", "XML", "XMPP"]
        ),
        tests(
            "ReadersTests",
            [
                "Readers", "Availability", "Commands", "Publishing", "PubSub", "Storage", "XML",
                "XMPP",
            ]
        ),
        tests(
            "NewsroomTests",
            [
                "Newsroom", "Clocks", "Commands", "Component", "Issues", "LinkCheck", "Publishing",
                "PubSub", "Storage", "XML", "XMPP", logging,
            ]
        ),
    ]
)
