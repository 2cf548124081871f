-- Comments for wrk, each with words, a name and a client address of its own. STORY and TOKEN name the form.
local words = {
  "pelabuhan", "kapal", "selat", "minyak", "harga", "petani", "menteri", "sungai", "batas", "kerja", "nelayan",
  "kota", "jalan", "pasar", "utara", "perjanjian", "gudang", "musim", "berita", "kabar", "tetangga", "peta",
}
local threads = 0

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

function init()
  math.randomseed(os.time() + number * 7919)
  sent = math.random(0, 1000000)
  head = "name=Rea+Rini&website=&reply_to=&token=" .. os.getenv("TOKEN") .. "&email=rea" .. number .. "."
  path = "/komentar/" .. os.getenv("STORY") .. "/"
end

function request()
  sent = sent + 1
  local text = {}
  for place = 1, 30 do
    text[place] = words[math.random(#words)]
  end
  local address = string.format("%d.%d.%d.%d", 10 + number, sent % 256, math.floor(sent / 256) % 256, sent % 199 + 1)
  return wrk.format("POST", path, {
    ["Content-Type"] = "application/x-www-form-urlencoded",
    ["Origin"] = os.getenv("SITE"),
    ["Sec-Fetch-Site"] = "same-origin",
    ["X-Forwarded-For"] = address,
  }, head .. sent .. "%40example.com&text=" .. table.concat(text, "+") .. "+" .. sent)
end
