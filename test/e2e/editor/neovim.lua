-- Neovim as a person has it: the file of docs/editors.md, then a compose file is opened,
-- the diagnostic is read, and the fix applied. Writes what it saw as JSON.
local out = {}
local function wait(what, condition)
  if not vim.wait(10000, condition, 5) then
    error("waited for " .. what)
  end
end

local function find()
  for _, diagnostic in pairs(vim.diagnostic.get(0)) do
    if diagnostic.code == "capacity-missing" then return diagnostic end
  end
end

vim.cmd("edit compose.yaml")
wait("the diagnostic", find)
local seen = find()
out.code = seen.code
out.message = seen.message
out.line = seen.lnum + 1
out.column = seen.col + 1

local params = vim.lsp.util.make_range_params()
params.range = {
  start = { line = seen.lnum, character = seen.col },
  ["end"] = { line = seen.end_lnum, character = seen.end_col },
}
params.context = { diagnostics = {}, only = { "quickfix" } }
local answers = vim.lsp.buf_request_sync(0, "textDocument/codeAction", params, 10000)
for _, answer in pairs(answers) do
  out.title = answer.result[1].title
  vim.lsp.util.apply_workspace_edit(answer.result[1].edit, "utf-16")
end
wait("its end", function() return find() == nil end)

vim.api.nvim_win_set_cursor(0, { seen.lnum + 1, seen.col })
local hover = vim.lsp.buf_request_sync(0, "textDocument/hover", vim.lsp.util.make_position_params(), 10000)
for _, answer in pairs(hover) do out.hover = answer.result.contents.value end

out.formatting = false
for _, client in pairs(vim.lsp.get_active_clients()) do
  out.formatting = out.formatting or client.server_capabilities.documentFormattingProvider == true
end
vim.cmd("write")
vim.fn.writefile({ vim.json.encode(out) }, "seen.json")
vim.cmd("quitall!")
