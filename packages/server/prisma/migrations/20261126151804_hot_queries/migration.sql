-- CreateIndex
CREATE INDEX "RecordIntent_updatedAt_idx" ON "RecordIntent"("updatedAt");

-- CreateIndex
CREATE INDEX "Tag_integrationId_remoteId_idx" ON "Tag"("integrationId", "remoteId");
