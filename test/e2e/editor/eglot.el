;; Emacs as a person has it: the lines of docs/editors.md, then a compose file is opened, the
;; diagnostic is read, and the fix applied. Writes what it saw as JSON.
(require 'flymake)

(defun wait-for (what condition)
  (let ((rounds 0))
    (while (not (funcall condition))
      (setq rounds (1+ rounds))
      (when (> rounds 1000) (error "waited for %s" what))
      (accept-process-output nil 0.01))))

(defun found ()
  (seq-find (lambda (diagnostic)
              (string-match-p "capacity-missing" (flymake-diagnostic-text diagnostic)))
            (flymake-diagnostics)))

(setq eglot-sync-connect 10
      eglot-send-changes-idle-time 0
      eglot-autoshutdown t
      flymake-no-changes-timeout 0)
(find-file "compose.yaml")
(call-interactively #'eglot)
(wait-for "the diagnostic" #'found)
(let* ((diagnostic (found))
       (begin (flymake-diagnostic-beg diagnostic))
       (end (flymake-diagnostic-end diagnostic))
       (text (flymake-diagnostic-text diagnostic))
       (underlined (buffer-substring-no-properties begin end))
       (actions (eglot-code-actions begin end "quickfix"))
       (action (elt actions 0)))
  (eglot--apply-workspace-edit (plist-get action :edit))
  (eglot--signal-textDocument/didChange)
  (wait-for "its end" (lambda () (not (found))))
  (save-buffer)
  (with-temp-file "seen.json"
    (insert (json-encode `((message . ,text)
                           (underlined . ,underlined)
                           (title . ,(plist-get action :title)))))))
(kill-emacs 0)
