-- Readers for wrk, no two requests alike: headers as browsers send them, of another version and from another search.
local sent = 0
local threads = 0
local makes = { "Chrome/1%d.0.%d.0 Mobile Safari/537.36", "Version/1%d.%d Mobile/15E148 Safari/604.1", "Firefox/1%d.%d" }

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

function request()
  sent = sent + 1
  local make = string.format(makes[sent % #makes + 1], sent % 40, number * 10000000 + sent)
  return wrk.format("GET", nil, {
    ["User-Agent"] = "Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 (KHTML, like Gecko) " .. make,
    ["Accept"] = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
    ["Accept-Encoding"] = "gzip, deflate, br, zstd",
    ["Accept-Language"] = "id-ID,id;q=0.9,en-US;q=0.8,en;q=0.7",
    ["Referer"] = "https://www.google.com/search?q=" .. sent,
    ["Sec-Fetch-Dest"] = "document",
    ["Sec-Fetch-Mode"] = "navigate",
    ["Sec-Fetch-Site"] = "cross-site",
    ["Upgrade-Insecure-Requests"] = "1",
  })
end
