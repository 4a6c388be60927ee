# What each target does stands behind `##`; `make` prints it. The work itself is in Scripts/.

SWIFT ?= swift
PYTHON := /usr/bin/python3

export SWIFT PYTHON STAY BENCH

.DEFAULT_GOAL := help
.PHONY: help deps demo build install deb test lint format test-site test-clients test-reproducible reference bench fuzz sanitize torture test-cluster test-system sbom clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-17s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

deps: ## install what building and testing need from Debian
	@Scripts/install-deps.sh

demo: deps ## play the main job against a private Prosody; STAY=1 stays up for your own client
	@Scripts/demo.sh

build: deps ## build the program for release: .build/release/broadsheet
	@Scripts/release.sh

install: ## install what `make build` has built, under DESTDIR and PREFIX (/usr/local)
	@DESTDIR="$(DESTDIR)" PREFIX="$(PREFIX)" Scripts/install.sh .build/release/broadsheet

deb: deps ## make the Debian package: dist/broadsheet_*.deb
	@Scripts/deb.sh

test: deps ## run the Swift tests, then the interoperability tests against a real Prosody and ejabberd
	@Scripts/test.sh

test-site: deps ## look at the web archive and the report in a real Chromium, which is installed if need be
	@Scripts/test-site.sh

test-reproducible: deps ## make the package twice, in two folders, and compare byte by byte
	@Scripts/test-reproducible.sh

test-clients: deps ## have real clients subscribe, read and leave, without a screen; CLIENTS="gajim dino" SERVER=ejabberd for some
	@Scripts/test-clients.sh $(if $(SERVER),--server $(SERVER)) $(CLIENTS)

lint: deps ## check format, floors, scripts, and that nothing compiles with a warning
	@Scripts/lint.sh

format: ## format the Swift sources in place
	$(SWIFT) format -i -r Sources Tests Package.swift

reference: deps ## write docs/commands.md anew from the commands there are
	BROADSHEET_WRITE_REFERENCE=1 $(SWIFT) test --filter CommandReferenceTests

bench: deps ## measure speed and memory as ratios; BENCH=full takes longer, BENCH=requests or modes measures that alone
	@Scripts/bench.sh

test-system: deb ## install the package on a Debian of its own and go through an operator's life; needs root
	@Scripts/install-deps.sh --system
	@Tests/System/run.py dist/broadsheet_*.deb

torture: build ## break things at 200 random moments of deliveries, an hour; POINTS=20 for fewer, SEED=7 to replay
	$(PYTHON) Tests/Torture/torture.py .build/release/broadsheet \
		--points $(or $(POINTS),200) $(if $(SEED),--seed $(SEED))

test-cluster: build ## kill a node of a real ejabberd cluster while issues go through it; ROUNDS=1, SEED=7
	$(PYTHON) Tests/Cluster/run.py .build/release/broadsheet --rounds $(or $(ROUNDS),5) $(if $(SEED),--seed $(SEED))

fuzz: deps ## feed the parsers made-up input, ten minutes each; SECONDS=60 for less
	@Scripts/fuzz.sh $(or $(SECONDS),600)

sanitize: deps ## run the tests under the thread sanitizer, those beside C under the address sanitizer
	@Scripts/sanitize.sh

sbom: deps ## list what the program is made of, as CycloneDX: .build/sbom.json
	@$(SWIFT) package resolve && Scripts/sbom.py .build/sbom.json && echo .build/sbom.json

clean: ## remove everything that was built, the private servers too
	rm -rf .build .build-* dist .demo
