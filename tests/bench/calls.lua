-- Sends the calls that a file lists, one a line: path, then headers as "name: value", separated by tabs.
local calls, at = {}, 0

function init(arguments)
  for line in io.lines(arguments[1]) do
    local path, rest = line:match("^([^\t]*)\t?(.*)$")
    local headers = {}
    for name, value in rest:gmatch("([^:\t]+): ([^\t]*)") do headers[name] = value end
    calls[#calls + 1] = wrk.format("GET", path, headers)
  end
end

function request()
  at = at % #calls + 1
  return calls[at]
end

function done(summary, latency, _)
  local e = summary.errors
  io.write(string.format("\nrequests=%d us=%d p50=%.1f bad=%d\n", summary.requests, summary.duration, latency:percentile(50),
    e.connect + e.read + e.write + e.status + e.timeout))
end
