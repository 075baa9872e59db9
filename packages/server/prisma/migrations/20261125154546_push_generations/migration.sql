-- RedefineTables
PRAGMA defer_foreign_keys=ON;
PRAGMA foreign_keys=OFF;
CREATE TABLE "new_Push" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "workspaceId" TEXT NOT NULL,
    "conversationId" TEXT NOT NULL,
    "integrationId" TEXT NOT NULL,
    "tagId" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "generation" INTEGER NOT NULL DEFAULT 1,
    "planSealed" TEXT,
    "activityType" TEXT NOT NULL,
    "startsAfter" INTEGER NOT NULL DEFAULT 0,
    "wantedMessages" INTEGER NOT NULL DEFAULT 0,
    "plannedMessages" INTEGER NOT NULL DEFAULT 0,
    "deliveredMessages" INTEGER NOT NULL DEFAULT 0,
    "continued" BOOLEAN NOT NULL DEFAULT false,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "nextAttemptAt" DATETIME,
    "leaseOwner" TEXT,
    "leaseExpiresAt" DATETIME,
    "errorCode" TEXT,
    "errorMessage" TEXT,
    "errorProviderCode" TEXT,
    "errorRetryAfter" INTEGER,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" DATETIME NOT NULL,
    CONSTRAINT "Push_tagId_fkey" FOREIGN KEY ("tagId") REFERENCES "Tag" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "Push_conversationId_fkey" FOREIGN KEY ("conversationId") REFERENCES "Conversation" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "Push_integrationId_fkey" FOREIGN KEY ("integrationId") REFERENCES "Integration" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
INSERT INTO "new_Push" ("activityType", "attempts", "conversationId", "createdAt", "deliveredMessages", "errorCode", "errorMessage", "errorProviderCode", "errorRetryAfter", "generation", "id", "integrationId", "leaseExpiresAt", "leaseOwner", "nextAttemptAt", "planSealed", "plannedMessages", "startsAfter", "status", "tagId", "updatedAt", "wantedMessages", "workspaceId") SELECT "activityType", "attempts", "conversationId", "createdAt", "deliveredMessages", "errorCode", "errorMessage", "errorProviderCode", "errorRetryAfter", "generation", "id", "integrationId", "leaseExpiresAt", "leaseOwner", "nextAttemptAt", "planSealed", "plannedMessages", "startsAfter", "status", "tagId", "updatedAt", "wantedMessages", "workspaceId" FROM "Push";
DROP TABLE "Push";
ALTER TABLE "new_Push" RENAME TO "Push";
CREATE INDEX "Push_status_nextAttemptAt_idx" ON "Push"("status", "nextAttemptAt");
CREATE INDEX "Push_workspaceId_createdAt_idx" ON "Push"("workspaceId", "createdAt");
CREATE INDEX "Push_conversationId_idx" ON "Push"("conversationId");
CREATE UNIQUE INDEX "Push_tagId_generation_key" ON "Push"("tagId", "generation");
CREATE TABLE "new_PushActivity" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "workspaceId" TEXT NOT NULL,
    "pushId" TEXT NOT NULL,
    "part" INTEGER NOT NULL,
    "remoteId" TEXT,
    "url" TEXT,
    "closed" BOOLEAN NOT NULL DEFAULT false,
    "textHash" TEXT,
    "shared" BOOLEAN NOT NULL DEFAULT false,
    "intendedHash" TEXT,
    "attemptedAt" DATETIME,
    CONSTRAINT "PushActivity_pushId_fkey" FOREIGN KEY ("pushId") REFERENCES "Push" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
INSERT INTO "new_PushActivity" ("attemptedAt", "closed", "id", "intendedHash", "part", "pushId", "remoteId", "textHash", "url", "workspaceId") SELECT "attemptedAt", "closed", "id", "intendedHash", "part", "pushId", "remoteId", "textHash", "url", "workspaceId" FROM "PushActivity";
DROP TABLE "PushActivity";
ALTER TABLE "new_PushActivity" RENAME TO "PushActivity";
CREATE UNIQUE INDEX "PushActivity_pushId_part_key" ON "PushActivity"("pushId", "part");
PRAGMA foreign_keys=ON;
PRAGMA defer_foreign_keys=OFF;
