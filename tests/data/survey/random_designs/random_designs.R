# Designs drawn at random, and what R makes of them. Usage: Rscript random_designs.R ../method2/method2.R OUTDIR SEED COUNT
# Writes cells.csv (every design's cells, column `design`), margins.csv (what a raked design is raked to) and expected.json.
# Estimate and variance: package survey, `rake` for the raked ones. Degrees of freedom, bias, effective size, bounds and
# verdicts: the R functions of method2.R, answer by answer. It shares no code with the project.
args <- commandArgs(TRUE); source_file <- args[1]; out <- args[2]; seed <- as.integer(args[3]); count <- as.integer(args[4])
suppressMessages({library(survey); library(jsonlite)})
options(survey.lonely.psu = "remove", warn = -1)
RHO <- 0.10; FEWEST <- 30; FEWEST_DF <- 4; MOST_KAPPA <- 2; EPS <- 1e-12
TARGETS <- c(">60", ">=70", ">79.99", ">80", ">=90.5")
for (said in parse(source_file)) if (said[[1]] == "<-" && is.call(said[[3]]) && said[[3]][[1]] == "function") eval(said)
set.seed(seed)
pick <- function(x) x[sample(length(x), 1)]

## ---- one design at random ------------------------------------------------------------------------------------
KINDS <- c("strata", "no_psu", "days", "days_crossing", "days_and_loose", "raked", "raked_no_psu")
BY <- list(strata = c("none", "stratum", "half"), no_psu = c("none", "agency", "service"), days = c("none", "agency", "service", "channel"),
  days_crossing = c("none", "agency", "channel"), days_and_loose = c("none", "service", "channel"), raked = c("none", "agency", "channel"), raked_no_psu = c("none", "agency"))
drawn_cells <- function(kind) {
  level <- pick(c(.55, .68, .75, .82, .9, .97)); icc <- pick(c(0, .05, .2)); spread <- pick(c(.2, 1, 1.6))
  rows <- list()
  for (a in seq_len(sample(if (kind == "strata") 2:14 else 1:6, 1))) {
    services <- if (kind == "strata") 1 else sample(1:4, 1); days <- if (grepl("days|raked$", kind)) sample(1:18, 1) else 1
    for (s in seq_len(services)) for (d in seq_len(days)) {
      if (days > 1 && runif(1) > pick(c(1, 1, .6, .3))) next
      n <- max(1, round(rlnorm(1, if (days > 1) 1.4 else 2.8, spread)))
      q <- if (icc > 0) rbeta(1, level*(1-icc)/icc, (1-level)*(1-icc)/icc) else level
      channels <- if (runif(1) < .7) "kiosk" else c("kiosk", "qr"); kinds <- if (grepl("raked", kind)) c("individual", "organisation") else ""
      for (channel in channels) for (k in kinds) {
        m <- if (k == "organisation") rbinom(1, n, .4) else n
        loose <- kind == "days_and_loose" && runif(1) < .2
        rows[[length(rows) + 1]] <- data.frame(agency = sprintf("a%02d", a), service = sprintf("s%d", s), psu = if (days == 1 && !grepl("days|raked$", kind) || loose) "" else sprintf("d%02d", d),
          channel = channel, kind = k, responses = m, satisfied = rbinom(1, m, q), stringsAsFactors = FALSE) } } }
  x <- do.call(rbind, rows)
  x$stratum <- x$agency; x$post_stratum <- switch(kind, strata = x$agency, days_crossing = x$service, paste(x$agency, x$service, sep = "/"))
  by <- pick(BY[[kind]]); half <- function(labels) c("x", "y")[1 + as.integer(factor(labels)) %% 2]
  x$domain <- switch(by, none = "", stratum = x$agency, half = half(x$agency), agency = x$agency, service = x$service, channel = x$channel)
  answered <- tapply(x$responses, x$post_stratum, sum); N <- answered + 1 + round(answered * rexp(length(answered), pick(c(.03, .2, 1))))
  x$caseload <- as.numeric(N[x$post_stratum]); x$area <- half(x$service)
  x <- x[order(x$stratum, x$post_stratum, x$psu, x$domain), ]
  keep <- !grepl("raked", kind) | x$responses > 0
  merged <- aggregate(cbind(responses, satisfied) ~ stratum + post_stratum + psu + domain + caseload + kind + area, x[keep, ], sum)
  if (!grepl("raked", kind)) merged <- aggregate(cbind(responses, satisfied) ~ stratum + post_stratum + psu + domain + caseload, merged, sum)
  merged[order(merged$stratum, merged$post_stratum, merged$psu, merged$domain), ] }

## ---- raked: survey's rake, and the rest with kappa = 1 -------------------------------------------------------
drawn_margins <- function(x) {
  total <- function(by) { n <- tapply(x$responses, by, sum); setNames(n * runif(length(n), 2, 12), names(n)) }
  kind <- total(x$kind); area <- total(x$area); area <- area / sum(area) * sum(kind)
  kind <- round(kind); area <- round(area); area[1] <- area[1] + sum(kind) - sum(area); list(kind = kind, area = area) }
evaluate_raked <- function(x, margins) {
  m <- micro(x); m$one <- 1; clustered <- any(x$psu != "")
  N <- unique(x[, c("stratum", "post_stratum", "caseload")]); m$fpc <- as.numeric(tapply(N$caseload, N$stratum, sum)[m$stratum])   # without days: of the agency's dossiers
  des <- if (clustered) svydesign(ids = ~id, strata = ~stratum, weights = ~one, nest = TRUE, data = m) else svydesign(ids = ~1, strata = ~stratum, weights = ~one, fpc = ~fpc, data = m)
  pop <- function(name) { p <- data.frame(names(margins[[name]]), as.numeric(margins[[name]])); names(p) <- c(name, "Freq"); p }
  des <- rake(des, list(~kind, ~area), list(pop("kind"), pop("area")), control = list(maxit = 5000, epsilon = 1e-11, verbose = FALSE))
  m$w <- weights(des)
  list(method = "E3", domains = lapply(sort(unique(x$domain)), function(d) one_domain(x, m, des, d, clustered, FALSE, raked = TRUE))) }

## ---- all of them ---------------------------------------------------------------------------------------------
result <- list(`_meta` = list(R = R.version.string, survey = as.character(packageVersion("survey")), seed = seed)); cells <- list(); totals <- list()
for (i in seq_len(count)) {
  kind <- KINDS[1 + (i - 1) %% length(KINDS)]; name <- sprintf("r%03d_%s", i, kind); x <- drawn_cells(kind)
  if (grepl("raked", kind)) { while (length(unique(x$kind)) < 2 || length(unique(x$area)) < 2) x <- drawn_cells(kind)
    margins <- drawn_margins(x); result[[name]] <- evaluate_raked(x, margins)
    for (margin in names(margins)) totals[[length(totals) + 1]] <- data.frame(design = name, margin = margin, category = names(margins[[margin]]), total = sprintf("%.0f", margins[[margin]]))
  } else { result[[name]] <- evaluate(x); x$kind <- ""; x$area <- "" }
  cells[[i]] <- data.frame(design = name, x[, c("stratum", "post_stratum", "psu", "domain", "caseload", "kind", "area", "responses", "satisfied")]) }
write.csv(do.call(rbind, cells), file.path(out, "cells.csv"), row.names = FALSE, quote = FALSE)
write.csv(do.call(rbind, totals), file.path(out, "margins.csv"), row.names = FALSE, quote = FALSE)
write(toJSON(result, auto_unbox = TRUE, digits = NA, na = "null"), file.path(out, "expected.json"))
